import type { MessageInitShape } from '@bufbuild/protobuf'
import type {
  ExecSandboxEventSchema,
  ExecSandboxInput,
  ExecSandboxRequest,
  OpenShell,
} from '@openshell-ts/protocol/v0-0'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import type { ClientChannel } from 'ssh2'
import type { MethodHandlers, ResponseStream } from '../../server/method-handlers.js'
import { failedPrecondition, invalidArgument, notFound, StatusError } from '../../server/status-error.js'
import { checkExec, checkExecLine } from '../../sessions/check-exec.js'
import { execLine } from '../../sessions/exec-line.js'
import { type ExecOutput, type ExecRun, runExec } from '../../sessions/exec-run.js'
import type { ApiContext } from '../api-context.js'

type ExecEvent = MessageInitShape<typeof ExecSandboxEventSchema>

/** Runs commands in sandboxes. */
export function execHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    execSandbox: async (request, _call, responses) => {
      // Cancelling does not end the command: like the real gateway, this one goes on with it and drops the output.
      await exec(context, request, responses, {
        // The real gateway asks for a terminal without a size here, whatever the request says.
        terminal: request.tty ? { cols: 0, rows: 0 } : undefined,
        feed: (channel) => channel.end(Buffer.from(request.stdin)),
      })
    },
    execSandboxInteractive: async (requests, { signal }, responses) => {
      const start = await startFrame(requests)
      await exec(context, start, responses, {
        terminal: start.tty ? { cols: start.cols || 80, rows: start.rows || 24 } : undefined,
        feed: (channel) => {
          signal.addEventListener('abort', () => channel.destroy(), { once: true })
          void feedInput(requests, channel)
        },
      })
    },
  }
}

async function exec(
  { store, relays }: ApiContext,
  request: ExecSandboxRequest,
  responses: ResponseStream<ExecEvent>,
  run: Pick<ExecRun, 'terminal' | 'feed'>,
): Promise<void> {
  if (request.sandboxId === '') throw invalidArgument('sandbox_id is required')
  checkExec(request)
  const row = store.sandboxes.get(request.sandboxId)
  if (!row) throw notFound('sandbox not found')
  if (row.status.phase !== SandboxPhase.READY) throw failedPrecondition('sandbox is not ready')
  const relay = await relays.open(row.id, { type: 'ssh' })
  const line = execLine(request)
  try {
    checkExecLine(line)
  } catch (error) {
    relay.destroy()
    throw error
  }
  responses.open()
  const onOutput = (output: ExecOutput) => responses.send(outputEvent(output)).catch(ignoreCancelled)
  const timeoutMs = request.timeoutSeconds * 1000
  const exitCode = await runExec({ ...run, relay, line, timeoutMs, onOutput })
  await responses.send({ payload: { case: 'exit', value: { exitCode } } })
}

async function startFrame(requests: AsyncIterator<ExecSandboxInput>): Promise<ExecSandboxRequest> {
  const first = await requests.next()
  if (first.done) throw invalidArgument('empty stream: expected start message')
  if (first.value.payload.case !== 'start') throw invalidArgument('first message must be a start payload')
  return first.value.payload.value
}

// The end of the caller's stream closes the channel, not only its input: what the real gateway does on this line.
async function feedInput(requests: AsyncIterator<ExecSandboxInput>, channel: ClientChannel): Promise<void> {
  try {
    for (let input = await requests.next(); !input.done; input = await requests.next()) {
      const { payload } = input.value
      if (payload.case === 'stdin') await write(channel, payload.value)
      else if (payload.case === 'resize') channel.setWindow(payload.value.rows, payload.value.cols, 0, 0)
    }
    channel.end()
    channel.close()
  } catch {
    channel.destroy()
  }
}

function write(channel: ClientChannel, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (channel.destroyed || channel.writableEnded) resolve()
    else channel.write(bytes, () => resolve())
  })
}

function outputEvent({ type, bytes }: ExecOutput): ExecEvent {
  return { payload: { case: type, value: { data: bytes } } }
}

function ignoreCancelled(error: unknown): void {
  if (!(error instanceof StatusError)) throw error
}
