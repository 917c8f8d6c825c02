import type { ForwardCalls } from '../forward-calls.js'
import { toForwardEvents, toForwardFrames, toForwardOptions, toWireTarget } from '../forward-frames.js'
import type { OpenShellServiceClient } from './open-shell-client.js'

export function forwardCalls(client: OpenShellServiceClient): ForwardCalls {
  return {
    open({ id }, { target, token }, data, call, onAccepted) {
      const init = { sandboxId: id, target: toWireTarget(target), authorizationToken: token }
      return toForwardEvents(client.forwardTcp(toForwardFrames(init, data), toForwardOptions(call, onAccepted)))
    },
  }
}
