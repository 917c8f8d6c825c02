import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { OpenShell, ProviderReadinessObservation } from '@openshell-ts/protocol/v0-1'
import { invalidArgument } from '../../errors/status-error.js'
import { providerReadiness, type ReadinessSource } from '../../receipts/provider-readiness.js'
import { findReceipt } from '../../receipts/provider-receipts.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { Session } from '../../sessions/session-registry.js'
import type { ApiContext } from '../api-context.js'
import { requireSandbox } from '../require-sandbox.js'
import { findSandbox } from './find-sandbox.js'
import { requireCurrentSession } from './require-current-session.js'
import { toReceipt } from './to-receipt.js'

const reportIntervalMs = 10_000
const observationLifeMs = 3 * reportIntervalMs

interface KeptObservation {
  readonly observation: ProviderReadinessObservation
  readonly observedAtMs: number
}

/** How far changes of providers have come: what supervisors tell, and what users read. */
export function providerStatusHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store, sessions } = context
  // What a supervisor has told is worth nothing after its session.
  const observations = new WeakMap<Session, KeptObservation>()
  return {
    getSandboxProviderStatus: ({ workspaceScope, sandbox, provider, receiptId }) => {
      const row = findSandbox(context, workspaceScope, sandbox, 'sandbox is required')
      if (provider === '') throw invalidArgument('provider is required')
      const receipt = findReceipt(store, row, provider, receiptId)
      const session = sessions.get(row.id)
      const kept = session && observations.get(session)
      const status = providerReadiness(store, row, receipt, sourceOf(session, kept, store.now()))
      return {
        status: {
          ...status,
          receipt: toReceipt(receipt),
          ...(kept && { observed: kept.observation, observedTime: timestampFromMs(kept.observedAtMs) }),
          evaluatedTime: timestampFromMs(store.now()),
        },
      }
    },
    reportProviderReadiness: ({ sandboxId, observation }, { principal }) => {
      const row = requireSandbox(context, sandboxId, principal)
      if (!observation) throw invalidArgument('observation is required')
      const session = requireCurrentSession(context, row, 'observation.session_id', observation.sessionId)
      const known = observations.get(session)?.observation.sequence ?? -1n
      if (observation.sequence > known) observations.set(session, { observation, observedAtMs: store.now() })
      return {
        acceptedSequence: observation.sequence > known ? observation.sequence : known,
        reportInterval: durationFromMs(reportIntervalMs),
        observationTtl: durationFromMs(observationLifeMs),
      }
    },
  }
}

function sourceOf(session: Session | undefined, kept: KeptObservation | undefined, nowMs: number): ReadinessSource {
  return {
    reports: session?.providerReports,
    observation: kept?.observation,
    expired: kept !== undefined && nowMs - kept.observedAtMs > observationLifeMs,
  }
}
