import { toBinary } from '@bufbuild/protobuf'
import { type Duration, durationMs } from '@bufbuild/protobuf/wkt'
import { type ExecSandboxRequest, ExecSandboxRequestSchema, type OpenShell } from '@openshell-ts/protocol/v0-1'
import type { ClientChannel } from 'ssh2'
import type { Principal } from '../../auth/principal.js'
import { invalidArgument } from '../../errors/status-error.js'
import { requestContent } from '../../requests/request-content.js'
import type { RequestIds } from '../../requests/request-ids.js'
import type { MethodHandlers, ResponseStream } from '../../server/method-handlers.js'
import { checkExec } from '../../sessions/check-exec.js'
import type { ExecRun } from '../../sessions/exec-run.js'
import { keepHostKeyFingerprint } from '../../sessions/host-key-fingerprint.js'
import { requireReady } from '../../sessions/require-ready.js'
import {
  type CommandEvent,
  type CommandRequest,
  feedCommand,
  readStart,
  runCommand,
} from '../../sessions/run-command.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox } from './find-sandbox.js'

/** Runs commands in sandboxes. A command with a request id runs once, and what it said is not said again. */
export function execHandlers(context: ApiContext, requestIds: RequestIds): MethodHandlers<typeof OpenShell> {
  const exec = async (
    request: ExecSandboxRequest,
    principal: Principal,
    responses: ResponseStream<CommandEvent>,
    { terminal, feed }: Pick<ExecRun, 'terminal' | 'feed'>,
  ) => {
    const command = toCommand(context, request)
    const forget = admit(requestIds, request, principal)
    let started = false
    const run = {
      terminal,
      environment: shellEnvironment(request),
      onHostKey: (fingerprint: string) => keepHostKeyFingerprint(context.store, command.sandboxId, fingerprint),
      feed: (channel: ClientChannel) => {
        started = true
        feed(channel)
      },
    }
    try {
      await runCommand(context.relays, command, responses, run)
    } catch (error) {
      if (!started) forget()
      throw error
    }
  }
  return {
    // Cancelling does not end the command: like the real gateway, this one goes on with it and drops the output.
    execSandbox: (request, { principal }, responses) =>
      exec(request, principal, responses, {
        terminal: request.tty ? { cols: 0, rows: 0 } : undefined,
        feed: (channel) => channel.end(Buffer.from(request.stdin)),
      }),
    execSandboxInteractive: async (inputs, { principal, signal }, responses) => {
      const start = await readStart<ExecSandboxRequest>(inputs)
      await exec(start, principal, responses, {
        terminal: start.tty ? { cols: start.cols || 80, rows: start.rows || 24 } : undefined,
        feed: (channel) => {
          signal.addEventListener('abort', () => channel.destroy(), { once: true })
          // On this line the end of the caller's stream is the end of the command's input alone.
          void feedCommand(inputs, channel, { endsCommand: false })
        },
      })
    },
  }
}

function admit(requestIds: RequestIds, request: ExecSandboxRequest, principal: Principal): () => void {
  const { requestId } = request
  if (requestId === '') return () => undefined
  const bytes = requestContent(ExecSandboxRequestSchema, request, toBinary(ExecSandboxRequestSchema, request))
  return requestIds.admit({ principal, requestId, method: 'ExecSandbox', bytes })
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
