import { acceptConfigurations } from '../admission/accept-configurations.js'
import type { ApiContext } from '../api/api-context.js'
import type { SessionMessage } from '../sessions/session-registry.js'
import { markConnected, markDisconnected } from '../sessions/session-status.js'

const refusal =
  'this simulated sandbox runs no commands; start openshell-dev-gateway with --run-commands or with a driver whose sandboxes ' +
  'do, or give the simulated driver startSandbox'

/** Connects a sandbox in which nothing runs: it is Ready, and refuses every relay. Disposing of it disconnects it. */
export function superviseNothing(context: ApiContext, sandboxId: string, instanceId: string): AsyncDisposable {
  const { sessions, relays, store } = context
  const refuse = ({ payload }: SessionMessage) => {
    if (payload?.case === 'relayOpen') relays.refuse(sandboxId, payload.value.channelId ?? '', refusal)
  }
  const { session, superseded } = sessions.open(sandboxId, refuse, { providerReports: 'at-once' })
  if (superseded) relays.repeatPending(session)
  markConnected(context, sandboxId, instanceId)
  const acceptAgain = acceptConfigurations(context, sandboxId, instanceId)
  return {
    async [Symbol.asyncDispose]() {
      acceptAgain()
      if (sessions.close(session)) markDisconnected(store.sandboxes, sandboxId)
    },
  }
}
