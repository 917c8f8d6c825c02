import type { OpenShell, TcpForwardFrame, TcpForwardInit } from '@openshell-ts/protocol/v0-0'
import { invalidArgument } from '../../errors/status-error.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { serveForward } from '../../sessions/forward-bridge.js'
import { forwardTarget } from '../../sessions/forward-target.js'
import { requireReady } from '../../sessions/require-ready.js'
import type { ApiContext } from '../api-context.js'

/** Carries a TCP or SSH connection between a client and a sandbox. */
export function forwardTcpHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    forwardTcp: async (frames, call, responses) => {
      const init = await readInit(frames)
      if (init.sandboxId === '') throw invalidArgument('sandbox_id is required')
      const target = forwardTarget(init.target)
      const { id: sandboxId } = requireReady(context.store.sandboxes.get(init.sandboxId))
      const request = { sandboxId, target, serviceId: init.serviceId, token: init.authorizationToken }
      await serveForward(context, request, frames, call, responses)
    },
  }
}

async function readInit(frames: AsyncIterator<TcpForwardFrame>): Promise<TcpForwardInit> {
  const first = await frames.next()
  if (first.done) throw invalidArgument('empty ForwardTcp stream')
  if (first.value.payload.case !== 'init') throw invalidArgument('first TcpForwardFrame must be init')
  return first.value.payload.value
}
