import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'

const KEPT_LINES = 20

/** One process of the demo. */
export interface Part {
  readonly name: string
  readonly pid: number
  /** Resolves when the process has ended, also when it never came up. */
  readonly ended: Promise<PartEnd>
  /** The last lines that the process wrote, oldest first. Empty when its output goes to the terminal. */
  lastLines(): readonly string[]
  /**
   * Asks the process to end and resolves when it has. SIGKILL follows after `killAfterMs`; the result then says so.
   */
  stop(options: PartStopOptions): Promise<PartEnd>
}

/** How a process ended. */
export interface PartEnd {
  /** 128 + N after signal N. */
  readonly exitCode: number
  /** Reads like `exit code 1` or `signal SIGKILL`. */
  readonly text: string
}

/** Options of {@link Part.stop}. */
export interface PartStopOptions {
  readonly signal: 'SIGINT' | 'SIGTERM'
  readonly killAfterMs: number
}

/** What to start. */
export interface PartStartOptions {
  /** What people read, such as `gateway`. */
  readonly name: string
  /** The file that Node runs, then its arguments. */
  readonly argv: readonly [file: string, ...parameters: string[]]
  /** `terminal`: the output belongs to the demo's own. `kept`: the last lines are kept, to be shown if it fails. */
  readonly output: 'terminal' | 'kept'
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * Starts a process in a group of its own: Ctrl-C in the terminal reaches the demo alone, which then ends its parts in an
 * order that lets each clean up.
 */
export function startPart({ name, argv, output, environment = {} }: PartStartOptions): Part {
  const child = spawn(process.execPath, argv, {
    detached: true,
    stdio: output === 'terminal' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  if (child.pid === undefined) throw new Error(`The ${name} could not be started: ${process.execPath} does not run.`)
  const lines = keepLastLines(child)
  const ended = once(child, 'close').then(([code, signal]) => describeEnd(code, signal))
  return {
    name,
    pid: child.pid,
    ended,
    lastLines: () => lines,
    async stop({ signal, killAfterMs }) {
      child.kill(signal)
      const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
      return ended.finally(() => clearTimeout(timer))
    },
  }
}

/** Both streams in the order of arrival, cut to the last lines. */
function keepLastLines(child: ChildProcess): readonly string[] {
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      if (lines.length > KEPT_LINES) lines.shift()
    })
  }
  return lines
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): PartEnd {
  if (signal === null) return { exitCode: code ?? 1, text: `exit code ${code ?? 1}` }
  return { exitCode: 128 + constants.signals[signal], text: `signal ${signal}` }
}
