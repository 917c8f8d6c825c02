import type { DescMethod } from '@bufbuild/protobuf'
import { methodRule } from '../auth/method-rule.js'
import type { Principal } from '../auth/principal.js'
import type { CallTrace } from './call-trace.js'
import { TracedCall, type TracedPeer } from './traced-call.js'

/** Follows a call that the gateway serves. Until the caller is known, the method says what it is. */
export function followCall(trace: CallTrace, method: DescMethod): TracedCall {
  const side = methodRule(method).authMode === 'sandbox' ? 'supervisor' : 'client'
  return new TracedCall(trace, method, { side, who: '' })
}

/** Who a caller is, in a trace. */
export function tracedPeer(principal: Principal): TracedPeer {
  return principal.type === 'sandbox'
    ? { side: 'supervisor', who: principal.sandboxId }
    : { side: 'client', who: principal.subject }
}
