import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  ConfigurationAdmissionState,
  type OpenShell,
  type SandboxConfigurationAdmission,
  type SandboxConfigurationAdmissionSchema,
} from '@openshell-ts/protocol/v0-1'
import { reportConfiguration } from '../../admission/report-configuration.js'
import { invalidArgument } from '../../errors/status-error.js'
import type { ConfigurationAdmission } from '../../records/configuration-state.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from '../api-context.js'
import { requireSandbox } from '../require-sandbox.js'

/** Takes what supervisors say about their configurations. */
export function configurationAdmissionHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    reportSandboxConfiguration: ({ sandboxId, admission, expectedInstanceId }, { principal }) => {
      const row = requireSandbox(context, sandboxId, principal)
      if (!admission) throw invalidArgument('admission is required')
      reportConfiguration(context, row, { admission: fromAdmission(admission), expectedInstanceId })
      context.provisioning.review(row.id)
      return {}
    },
  }
}

const states = {
  pending: ConfigurationAdmissionState.PENDING,
  accepted: ConfigurationAdmissionState.ACCEPTED,
  rejected: ConfigurationAdmissionState.REJECTED,
}

const longestError = 4_096

function fromAdmission({ state, error, ...admission }: SandboxConfigurationAdmission): ConfigurationAdmission {
  const word = (Object.keys(states) as (keyof typeof states)[]).find((one) => states[one] === state)
  if (!word) throw invalidArgument('admission.state must be PENDING, ACCEPTED or REJECTED')
  return {
    instanceId: admission.instanceId,
    state: word,
    policyVersion: admission.policyVersion,
    policyHash: admission.policyHash,
    configRevision: String(admission.configRevision),
    environmentRevision: String(admission.providerEnvRevision),
    error: word === 'rejected' ? error.slice(0, longestError) : '',
  }
}

/** A supervisor's word as clients see it. */
export function toAdmission(
  admission: ConfigurationAdmission,
): MessageInitShape<typeof SandboxConfigurationAdmissionSchema> {
  return {
    instanceId: admission.instanceId,
    state: states[admission.state],
    policyVersion: admission.policyVersion,
    policyHash: admission.policyHash,
    configRevision: BigInt(admission.configRevision),
    providerEnvRevision: BigInt(admission.environmentRevision),
    error: admission.error,
  }
}
