import { ExecResultUnknownError } from '../exec-result-unknown-error.js'
import type { CommandEvent } from './command-event.js'
import { toCommandExit } from './command-exit.js'
import type { CommandResult } from './command-result.js'
import { OutputBuffer } from './output-buffer.js'

/** What a result is collected with. */
export interface CollectOptions {
  readonly maxOutputBytes: number
  /** The remote limit; 0 when there is none. */
  readonly limitMs: number
  readonly onStdout?: (chunk: Uint8Array) => void | Promise<void>
  readonly onStderr?: (chunk: Uint8Array) => void | Promise<void>
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
      if (event.type === 'exit') return toResult(event, stdout, stderr, performance.now() - startedAt, options.limitMs)
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
  exit: Extract<CommandEvent, { type: 'exit' }>,
  stdout: OutputBuffer,
  stderr: OutputBuffer,
  durationMs: number,
  limitMs: number,
): CommandResult {
  const truncatedStreams = [
    ...(stdout.overflowed || !exit.outputComplete ? (['stdout'] as const) : []),
    ...(stderr.overflowed || !exit.outputComplete ? (['stderr'] as const) : []),
  ]
  const end = toCommandExit(exit.exitCode, { limitMs, durationMs })
  const bytes = { stdout: stdout.toBytes(), stderr: stderr.toBytes() }
  return {
    exitCode: exit.exitCode,
    exit: end,
    ...bytes,
    get stdoutText() {
      return new TextDecoder().decode(bytes.stdout)
    },
    get stderrText() {
      return new TextDecoder().decode(bytes.stderr)
    },
    timedOut: end.type === 'timed-out',
    truncated: truncatedStreams.length > 0,
    truncatedStreams,
    durationMs,
  }
}
