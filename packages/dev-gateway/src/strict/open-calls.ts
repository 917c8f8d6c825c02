import type { StrictProblem } from './strict-problem.js'

/** A call that is served now. */
export interface OpenCall {
  readonly rpc: string
  readonly kind: 'unary' | 'stream'
  /** Who calls; empty until that is known. */
  who: string
  /** The name of the sandbox that it is about; empty when there is none, or not yet. */
  sandbox: string
  readonly startedMs: number
}

/** The calls that are served now. */
export class OpenCalls {
  readonly #calls = new Set<OpenCall>()
  readonly #waiters = new Set<() => void>()

  add(call: OpenCall): void {
    this.#calls.add(call)
  }

  remove(call: OpenCall): void {
    if (!this.#calls.delete(call)) return
    for (const waiter of [...this.#waiters]) waiter()
  }

  /** Waits until no call is open but those of RPCs in `allowed`, or until the time is over. Returns what is open then. */
  async left(allowed: readonly string[], settleMs: number): Promise<readonly OpenCall[]> {
    const open = () => [...this.#calls].filter(({ rpc }) => !allowed.includes(rpc))
    if (open().length === 0 || settleMs === 0) return open()
    await new Promise<void>((resolve) => {
      const look = () => {
        if (open().length === 0) settle()
      }
      const settle = () => {
        clearTimeout(timer)
        this.#waiters.delete(look)
        resolve()
      }
      const timer = setTimeout(settle, settleMs)
      this.#waiters.add(look)
    })
    return open()
  }
}

/** What is held against a call that is still open. */
export function openProblem({ rpc, kind, who, sandbox, startedMs }: OpenCall, nowMs: number): StrictProblem {
  const about = sandbox === '' ? '' : ` of sandbox ${sandbox}`
  const by = who === '' ? '' : ` by ${who}`
  const since = `${((nowMs - startedMs) / 1000).toFixed(1)} s`
  const remedy =
    kind === 'stream' ? 'end or cancel the stream before the test is over' : 'wait for its answer, or cancel it'
  return { code: 'open-call', rpc, message: `${rpc}${about}${by} is still open after ${since}; ${remedy}.` }
}
