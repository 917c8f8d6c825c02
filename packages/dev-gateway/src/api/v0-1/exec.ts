import { type Duration, durationMs } from '@bufbuild/protobuf/wkt'
import type { ExecSandboxRequest, OpenShell } from '@openshell-ts/protocol/v0-1'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { invalidArgument } from '../../server/status-error.js'
import { checkExec } from '../../sessions/check-exec.js'
import { requireReady } from '../../sessions/require-ready.js'
import { type CommandRequest, feedCommand, readStart, runCommand } from '../../sessions/run-command.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox } from './find-sandbox.js'

/** Runs commands in sandboxes. */
export function execHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    execSandbox: async (request, _call, responses) => {
      // Cancelling does not end the command: like the real gateway, this one goes on with it and drops the output.
      await runCommand(context.relays, toCommand(context, request), responses, {
        terminal: request.tty ? { cols: 0, rows: 0 } : undefined,
        environment: shellEnvironment(request),
        feed: (channel) => channel.end(Buffer.from(request.stdin)),
      })
    },
    execSandboxInteractive: async (inputs, { signal }, responses) => {
      const start = await readStart<ExecSandboxRequest>(inputs)
      await runCommand(context.relays, toCommand(context, start), responses, {
        terminal: start.tty ? { cols: start.cols || 80, rows: start.rows || 24 } : undefined,
        environment: shellEnvironment(start),
        feed: (channel) => {
          signal.addEventListener('abort', () => channel.destroy(), { once: true })
          // On this line the end of the caller's stream is the end of the command's input alone.
          void feedCommand(inputs, channel, { endsCommand: false })
        },
      })
    },
  }
}

function toCommand(context: ApiContext, request: ExecSandboxRequest): CommandRequest {
  const { workspaceScope, sandbox, workdir, environment, command, executionTimeout } = request
  if (sandbox === '') throw invalidArgument('sandbox is required')
  checkExec(request)
  const { id: sandboxId } = requireReady(findSandbox(context, workspaceScope, sandbox))
  return { sandboxId, workdir, environment, command, timeoutMs: toTimeout(executionTimeout) }
}

function toTimeout(duration: Duration | undefined): number {
  const timeoutMs = duration ? durationMs(duration) : 0
  if (timeoutMs < 0) throw invalidArgument('execution_timeout must not be negative')
  return timeoutMs
}

// The supervisor runs the line with a shell that reads no profile then.
function shellEnvironment({ noLoginShell }: ExecSandboxRequest): Record<string, string> | undefined {
  return noLoginShell ? { OPENSHELL_NO_LOGIN_SHELL: '1' } : undefined
}
