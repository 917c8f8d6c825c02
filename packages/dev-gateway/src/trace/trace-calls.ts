import { methodRule } from '../auth/method-rule.js'
import type { Principal } from '../auth/principal.js'
import type { FollowCall } from '../server/call-follower.js'
import { TracedCall, type TracedPeer, type TraceTarget } from './traced-call.js'

/** Puts each call that the gateway serves into a trace. Until the caller is known, the method says what it is. */
export function traceCalls(target: TraceTarget): FollowCall {
  return (method) => {
    const side = methodRule(method).authMode === 'sandbox' ? 'supervisor' : 'client'
    const traced = new TracedCall(target, method, { side, who: '' })
    return {
      identify: (principal) => traced.identify(tracedPeer(principal)),
      request: (message, sizeBytes) => traced.request(message, sizeBytes),
      response: (message, sizeBytes) => traced.response(message, sizeBytes),
      end: (refusal) => traced.end(refusal),
    }
  }
}

function tracedPeer(principal: Principal): TracedPeer {
  return principal.type === 'sandbox'
    ? { side: 'supervisor', who: principal.sandboxId }
    : { side: 'client', who: principal.subject }
}
