import type { ExecSandboxRequest, OpenShell } from '@openshell-ts/protocol/v0-0'
import { invalidArgument } from '../../errors/status-error.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { checkExec } from '../../sessions/check-exec.js'
import { requireReady } from '../../sessions/require-ready.js'
import { type CommandRequest, feedCommand, readStart, runCommand } from '../../sessions/run-command.js'
import type { ApiContext } from '../api-context.js'

/** Runs commands in sandboxes. */
export function execHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    execSandbox: async (request, _call, responses) => {
      // Cancelling does not end the command: like the real gateway, this one goes on with it and drops the output.
      await runCommand(context.relays, toCommand(context, request), responses, {
        // The real gateway asks for a terminal without a size here, whatever the request says.
        terminal: request.tty ? { cols: 0, rows: 0 } : undefined,
        feed: (channel) => channel.end(Buffer.from(request.stdin)),
      })
    },
    execSandboxInteractive: async (inputs, { signal }, responses) => {
      const start = await readStart<ExecSandboxRequest>(inputs)
      await runCommand(context.relays, toCommand(context, start), responses, {
        terminal: start.tty ? { cols: start.cols || 80, rows: start.rows || 24 } : undefined,
        feed: (channel) => {
          signal.addEventListener('abort', () => channel.destroy(), { once: true })
          // What the real gateway does on this line.
          void feedCommand(inputs, channel, { endsCommand: true })
        },
      })
    },
  }
}

function toCommand({ store }: ApiContext, request: ExecSandboxRequest): CommandRequest {
  const { sandboxId, workdir, environment, command, timeoutSeconds } = request
  if (sandboxId === '') throw invalidArgument('sandbox_id is required')
  checkExec(request)
  requireReady(store.sandboxes.get(sandboxId))
  return { sandboxId, workdir, environment, command, timeoutMs: timeoutSeconds * 1000 }
}
