import type { OpenShell } from '@openshell-ts/protocol/v0-0'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { serveRelay } from '../../sessions/serve-relay.js'
import type { ApiContext } from '../api-context.js'

/** Carries a relay's bytes between the gateway and a supervisor. */
export function relayStreamHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return { relayStream: (frames, call, responses) => serveRelay(context, frames, call, responses) }
}
