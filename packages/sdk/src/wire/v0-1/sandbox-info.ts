import type { Sandbox, SandboxStatus } from '@openshell-ts/protocol/v0-1'
import type { SandboxInfo, SandboxProvisioningInfo } from '../../model/sandbox-info.js'
import { toSpecInfo } from '../sandbox-spec-info.js'
import { toSandboxState } from '../sandbox-state.js'
import { toDate } from './to-date.js'

/** Reads a sandbox; what the gateway left out reads as empty. */
export function toSandboxInfo(sandbox: Sandbox): SandboxInfo {
  const { metadata, spec, status, hostKeyFingerprint, createdFromWorkloadTemplate: template } = sandbox
  const deletedAt = toDate(metadata?.deletionTime)
  return {
    id: metadata?.id ?? '',
    name: metadata?.name ?? '',
    workspace: metadata?.workspace ?? '',
    ...toSandboxState('0.1', status),
    ...toRestarts(status),
    createdAt: toDate(metadata?.createdTime) ?? new Date(0),
    ...(deletedAt ? { deletedAt } : {}),
    labels: { ...metadata?.labels },
    annotations: { ...metadata?.annotations },
    resourceVersion: String(metadata?.resourceVersion ?? 0n),
    ...(hostKeyFingerprint === '' ? {} : { hostKeyFingerprint }),
    ...(template ? { template: { name: template.name, resourceVersion: template.resourceVersion } } : {}),
    spec: toSpecInfo(spec),
  }
}

function toRestarts(
  status: SandboxStatus | undefined,
): Pick<SandboxInfo, 'restartCount' | 'nextRestartAt' | 'mainProcessStartedAt' | 'provisioning'> {
  const nextRestartAt = toDate(status?.nextRestartTime)
  const mainProcessStartedAt = toDate(status?.mainProcessStartedTime)
  return {
    restartCount: status?.restartCount ?? 0,
    ...(nextRestartAt ? { nextRestartAt } : {}),
    ...(mainProcessStartedAt ? { mainProcessStartedAt } : {}),
    ...(status?.provisioning ? { provisioning: toProvisioning(status.provisioning) } : {}),
  }
}

function toProvisioning(provisioning: NonNullable<SandboxStatus['provisioning']>): SandboxProvisioningInfo {
  const deadline = toDate(provisioning.deadline)
  return {
    attemptId: provisioning.attemptId,
    ...(deadline ? { deadline } : {}),
    cleanupError: provisioning.cleanupError,
  }
}
