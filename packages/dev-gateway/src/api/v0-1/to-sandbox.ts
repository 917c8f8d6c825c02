import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { type Sandbox, type SandboxProvisioningSchema, SandboxSchema } from '@openshell-ts/protocol/v0-1'
import type { LaunchRecord, ProvisioningRecord, RowStatus, SandboxRow } from '../../records/sandbox-row.js'
import { toAdmission } from './configuration-admission.js'
import { toEndpointStatuses } from './to-endpoint-status.js'
import { toLaterSpec } from './to-spec.js'
import { textToTimestamp, toTimestamp } from './to-timestamp.js'

/** Shows a row as the public API of line 0.1 does. */
export function toSandbox(row: SandboxRow): Sandbox {
  const createdTime = toTimestamp(row.createdAtMs)
  return create(SandboxSchema, {
    metadata: {
      id: row.id,
      name: row.name,
      ...(createdTime && { createdTime }),
      labels: row.labels,
      resourceVersion: BigInt(row.resourceVersion),
      annotations: row.annotations,
      workspace: row.workspace,
    },
    spec: toLaterSpec(row),
    status: { ...toStatus(row.status), ...(row.launch && toLaunchStatus(row.launch)) },
    hostKeyFingerprint: row.launch?.hostKeyFingerprint ?? '',
    ...(row.launch?.workloadTemplate && { createdFromWorkloadTemplate: row.launch.workloadTemplate }),
  })
}

// What only this line tells of a sandbox.
function toLaunchStatus({ configuration, mainProcessStartedAtMs, provisioning, restarts }: LaunchRecord) {
  const mainProcessStartedTime = toTimestamp(mainProcessStartedAtMs ?? 0)
  const nextRestartTime = toTimestamp(restarts?.nextAtMs ?? 0)
  return {
    ...(provisioning && { provisioning: toProvisioning(provisioning, configuration?.activated === true) }),
    restartCount: restarts?.count ?? 0,
    ...(nextRestartTime && { nextRestartTime }),
    ...(configuration && {
      configurationAdmission: toAdmission(configuration.admission),
      configurationActivated: configuration.activated,
    }),
    ...(mainProcessStartedTime && { mainProcessStartedTime }),
  }
}

// A sandbox that has accepted a configuration has no deadline any more.
function toProvisioning(
  record: ProvisioningRecord,
  activated: boolean,
): MessageInitShape<typeof SandboxProvisioningSchema> {
  const times = {
    firstRejectionTime: toTimestamp(record.firstRejectionAtMs ?? 0),
    deadline: activated ? undefined : toTimestamp(record.deadlineAtMs ?? 0),
    timeoutTime: toTimestamp(record.timedOutAtMs ?? 0),
    cleanupCompletedTime: toTimestamp(record.cleanedUpAtMs ?? 0),
    cleanupRetryTime: toTimestamp(record.cleanupRetryAtMs ?? 0),
  }
  const known = Object.entries(times).filter(([, time]) => time !== undefined)
  return { attemptId: record.attemptId, cleanupError: record.cleanupError ?? '', ...Object.fromEntries(known) }
}

function toStatus({ exitCode, conditions, ...status }: RowStatus) {
  return {
    ...toEndpointStatuses(status),
    agentPod: status.agentPod,
    agentFd: status.agentFd,
    sandboxFd: status.sandboxFd,
    // The numbers of the phases are the same on both lines, and this one has more of them.
    phase: status.phase as number,
    currentPolicyVersion: status.currentPolicyVersion,
    mainProcessInstanceId: status.mainProcessInstanceId,
    conditions: conditions.map(({ lastTransitionTime, ...condition }) => {
      const transitionTime = textToTimestamp(lastTransitionTime)
      return { ...condition, ...(transitionTime && { transitionTime }) }
    }),
    ...(exitCode !== undefined && { exitCode }),
  }
}
