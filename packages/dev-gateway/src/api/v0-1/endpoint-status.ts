import type { EndpointFailure, OpenShell, TokenGrantFailureObservation } from '@openshell-ts/protocol/v0-1'
import { reportEndpoints } from '../../policies/report-endpoints.js'
import type { EndpointFailureRecord, TokenGrantFailureRecord } from '../../records/endpoint-status.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { Session } from '../../sessions/session-registry.js'
import type { ApiContext } from '../api-context.js'
import { requireSandbox } from '../require-sandbox.js'
import { requireCurrentSession } from './require-current-session.js'

/** How supervisors tell how requests to the endpoints of a policy go. */
export function endpointStatusHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  // A report that was overtaken by a later one of its session changes nothing.
  const sequences = new WeakMap<Session, bigint>()
  return {
    reportEndpointStatus: (request, { principal }) => {
      const row = requireSandbox(context, request.sandboxId, principal)
      const { supervisorSessionId, reportSequence, tokenGrantStatus } = request
      const session = requireCurrentSession(context, row, 'supervisor_session_id', supervisorSessionId)
      if (reportSequence <= (sequences.get(session) ?? -1n)) return {}
      reportEndpoints(context.store, row, {
        policyHash: request.policyHash,
        providerEnvRevision: request.providerEnvRevision,
        observedEndpointIds: request.observedEndpointIds,
        observations: request.observations.map(({ endpointId, result, failure }) => ({
          endpointId,
          result,
          failure: failure && toRecord(failure),
        })),
        tokenGrantStatus: tokenGrantStatus && {
          lastFailure: tokenGrantStatus.lastFailure && toGrantRecord(tokenGrantStatus.lastFailure),
        },
      })
      sequences.set(session, reportSequence)
      return {}
    },
  }
}

function toRecord({ $typeName: _name, $unknown: _unknown, ...failure }: EndpointFailure): EndpointFailureRecord {
  return failure
}

function toGrantRecord({
  destinationHost,
  destinationPort,
  failure,
}: TokenGrantFailureObservation): TokenGrantFailureRecord {
  return { destinationHost, destinationPort, failure: failure && toRecord(failure) }
}
