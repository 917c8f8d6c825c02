import type { CommandEvent } from './command-event.js'
import type { CommandResult } from './command-result.js'
import { ExecResultUnknownError } from './exec-result-unknown-error.js'
import { OutputBuffer } from './output-buffer.js'

/** The output of a command, as it is collected. */
export interface CollectedOutput {
  readonly stdout: OutputBuffer
  readonly stderr: OutputBuffer
}

/** Who hears of the output while it is collected. */
export interface OutputListeners {
  readonly onStdout?: (chunk: Uint8Array) => unknown
  readonly onStderr?: (chunk: Uint8Array) => unknown
}

/** Keeps so many bytes of each stream; 0 means all of them. */
export function collectOutput(maxOutputBytes: number): CollectedOutput {
  return { stdout: new OutputBuffer(maxOutputBytes), stderr: new OutputBuffer(maxOutputBytes) }
}

/** Reads the events of a command into its result. What they hold of the output is added to what was collected past them. */
export async function collectResult(
  events: AsyncGenerator<CommandEvent, void, undefined>,
  { stdout, stderr }: CollectedOutput,
  { onStdout, onStderr }: OutputListeners = {},
): Promise<CommandResult> {
  const startedAt = performance.now()
  try {
    for await (const event of events) {
      if (event.type === 'exit') return toResult(event, stdout, stderr, performance.now() - startedAt)
      const [buffer, listener] = event.type === 'stdout' ? [stdout, onStdout] : [stderr, onStderr]
      buffer.add(event.data)
      await listener?.(event.data)
    }
  } catch (error) {
    if (!(error instanceof ExecResultUnknownError)) throw error
    throw error.withOutput(stdout.toBytes(), stderr.toBytes())
  }
  throw new TypeError('The events of a command ended without an exit and without an error.')
}

function toResult(
  { exitCode, exit, outputComplete, outputError }: Extract<CommandEvent, { type: 'exit' }>,
  stdout: OutputBuffer,
  stderr: OutputBuffer,
  durationMs: number,
): CommandResult {
  const truncatedStreams = [
    ...(stdout.overflowed || !outputComplete ? (['stdout'] as const) : []),
    ...(stderr.overflowed || !outputComplete ? (['stderr'] as const) : []),
  ]
  const bytes = { stdout: stdout.toBytes(), stderr: stderr.toBytes() }
  return {
    exitCode,
    exit,
    ...bytes,
    get stdoutText() {
      return new TextDecoder().decode(bytes.stdout)
    },
    get stderrText() {
      return new TextDecoder().decode(bytes.stderr)
    },
    timedOut: exit.type === 'timed-out',
    truncated: truncatedStreams.length > 0,
    truncatedStreams,
    ...(outputError && { outputError }),
    durationMs,
  }
}
