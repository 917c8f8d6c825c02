import type { ForwardCalls } from '../forward-calls.js'
import { toForwardEvents, toForwardFrames, toForwardOptions, toWireTarget } from '../forward-frames.js'
import type { OpenShellServiceClient } from './open-shell-client.js'

export function forwardCalls(client: OpenShellServiceClient): ForwardCalls {
  return {
    open({ workspace, name }, { target, token }, data, call, onAccepted) {
      const init = { workspace, sandbox: name, target: toWireTarget(target), authorizationToken: token }
      return toForwardEvents(client.forwardTcp(toForwardFrames(init, data), toForwardOptions(call, onAccepted)))
    },
  }
}
