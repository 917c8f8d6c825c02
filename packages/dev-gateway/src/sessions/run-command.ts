import type { ClientChannel } from 'ssh2'
import { invalidArgument, StatusError } from '../errors/status-error.js'
import type { ResponseStream } from '../server/method-handlers.js'
import { checkExecLine } from './check-exec.js'
import { type ExecLineInput, execLine } from './exec-line.js'
import { type ExecRun, runExec } from './exec-run.js'
import type { ExecOutput } from './output-queue.js'
import type { RelayBroker } from './relay-broker.js'

/** A command to run, its fields checked. */
export interface CommandRequest extends ExecLineInput {
  readonly sandboxId: string
  /** 0 means no limit. */
  readonly timeoutMs: number
}

/** What a caller hears of a command; the same on both lines of the wire. */
export type CommandEvent =
  | { readonly payload: { readonly case: 'stdout' | 'stderr'; readonly value: { readonly data: Uint8Array } } }
  | { readonly payload: { readonly case: 'exit'; readonly value: { readonly exitCode: number } } }

/** What a caller sends while a command runs; the same on both lines of the wire. */
export interface CommandInput<Start> {
  readonly payload:
    | { readonly case: 'start'; readonly value: Start }
    | { readonly case: 'stdin'; readonly value: Uint8Array }
    | { readonly case: 'resize'; readonly value: { readonly cols: number; readonly rows: number } }
    | { readonly case: undefined }
}

/** Runs a command in a sandbox that is ready, and sends what it says and its exit code. */
export async function runCommand(
  relays: RelayBroker,
  { sandboxId, timeoutMs, ...input }: CommandRequest,
  responses: ResponseStream<CommandEvent>,
  run: Pick<ExecRun, 'terminal' | 'feed' | 'environment' | 'onHostKey'>,
): Promise<void> {
  const relay = await relays.open(sandboxId, { type: 'ssh' })
  const line = execLine(input)
  try {
    checkExecLine(line)
  } catch (error) {
    relay.destroy()
    throw error
  }
  responses.open()
  const onOutput = (output: ExecOutput) => responses.send(outputEvent(output)).catch(ignoreCancelled)
  const exitCode = await runExec({ ...run, relay, line, timeoutMs, onOutput })
  await responses.send({ payload: { case: 'exit', value: { exitCode } } })
}

/** The request that an interactive command's stream starts with. */
export async function readStart<Start>(inputs: AsyncIterator<CommandInput<Start>>): Promise<Start> {
  const first = await inputs.next()
  if (first.done) throw invalidArgument('empty stream: expected start message')
  if (first.value.payload.case !== 'start') throw invalidArgument('first message must be a start payload')
  return first.value.payload.value
}

/**
 * Hands a caller's stream to a command. Its end is the end of the command's input, or, with `endsCommand`, of the whole
 * command as far as the caller is concerned.
 */
export async function feedCommand(
  inputs: AsyncIterator<CommandInput<unknown>>,
  channel: ClientChannel,
  { endsCommand }: { readonly endsCommand: boolean },
): Promise<void> {
  try {
    for (let input = await inputs.next(); !input.done; input = await inputs.next()) {
      const { payload } = input.value
      if (payload.case === 'stdin') await write(channel, payload.value)
      else if (payload.case === 'resize') channel.setWindow(payload.value.rows, payload.value.cols, 0, 0)
    }
    channel.end()
    if (endsCommand) channel.close()
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

function outputEvent({ type, bytes }: ExecOutput): CommandEvent {
  return { payload: { case: type, value: { data: bytes } } }
}

function ignoreCancelled(error: unknown): void {
  if (!(error instanceof StatusError)) throw error
}
