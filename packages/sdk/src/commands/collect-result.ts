import type { CommandEvent } from './command-event.js'
import type { CommandResult } from './command-result.js'
import { ExecResultUnknownError } from './exec-result-unknown-error.js'
import { OutputBuffer } from './output-buffer.js'

/** What a result is collected with. */
export interface CollectOptions {
  readonly maxOutputBytes: number
  readonly onStdout?: (chunk: Uint8Array) => unknown
  readonly onStderr?: (chunk: Uint8Array) => unknown
}

/** Reads the events of a command into its result. */
export async function collectResult(
  events: AsyncGenerator<CommandEvent, void, undefined>,
  options: CollectOptions,
): Promise<CommandResult> {
  const startedAt = performance.now()
  const stdout = new OutputBuffer(options.maxOutputBytes)
  const stderr = new OutputBuffer(options.maxOutputBytes)
  try {
    for await (const event of events) {
      if (event.type === 'exit') return toResult(event, stdout, stderr, performance.now() - startedAt)
      const [buffer, listener] = event.type === 'stdout' ? [stdout, options.onStdout] : [stderr, options.onStderr]
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
  { exitCode, exit, outputComplete }: Extract<CommandEvent, { type: 'exit' }>,
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
    durationMs,
  }
}
