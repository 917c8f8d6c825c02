import type { OpenShell, TcpForwardFrame, TcpForwardInit } from '@openshell-ts/protocol/v0-1'
import { invalidArgument, notFound } from '../../errors/status-error.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { serveForward } from '../../sessions/forward-bridge.js'
import { forwardTarget } from '../../sessions/forward-target.js'
import { requireReady } from '../../sessions/require-ready.js'
import { resolveWorkspace } from '../../workspaces/workspace-scope.js'
import type { ApiContext } from '../api-context.js'

/** Carries a TCP or SSH connection between a client and a sandbox. */
export function forwardTcpHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    forwardTcp: async (frames, call, responses) => {
      const { sandbox, workspace, serviceId, authorizationToken: token, target } = await readInit(frames)
      if (sandbox === '') throw invalidArgument('sandbox is required')
      // The one request of this line whose workspace is no selector.
      if (workspace === '') throw invalidArgument('workspace is required')
      const forwarded = forwardTarget(target)
      const row = store.sandboxes.find(resolveWorkspace(store.workspaces, workspace), sandbox)
      if (!row) throw notFound('sandbox not found')
      const { id: sandboxId } = requireReady(row)
      await serveForward(context, { sandboxId, target: forwarded, serviceId, token }, frames, call, responses)
    },
  }
}

async function readInit(frames: AsyncIterator<TcpForwardFrame>): Promise<TcpForwardInit> {
  const first = await frames.next()
  if (first.done) throw invalidArgument('empty ForwardTcp stream')
  if (first.value.payload.case !== 'init') throw invalidArgument('first TcpForwardFrame must be init')
  return first.value.payload.value
}
