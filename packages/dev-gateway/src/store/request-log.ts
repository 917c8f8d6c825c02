import { appendFileSync, readFileSync } from 'node:fs'
import writeFileAtomic from 'write-file-atomic'
import { unusableState } from '../files/json-file.js'

/** A call with an id, as it is remembered over restarts. */
export interface LoggedCall {
  /** Who called, and with which id. */
  readonly caller: string
  readonly requestId: string
  /** Tells the request from others. */
  readonly digest: string
  /** When it is forgotten, in milliseconds since 1970. */
  readonly forgottenAtMs: number
  /** `running` until there is an answer; `fenced` for a call whose answer is not kept; `failed` for one that may run again. */
  readonly state: 'running' | 'answered' | 'fenced' | 'failed'
  /** The encoded answer in base64; absent before there is one. */
  readonly answer?: string
}

// How many lines that say nothing any more the file may have besides one for each call.
const spareLines = 1_000

/** The calls with ids that a gateway remembers, oldest first: in memory, and in a file to which each change is added. */
export class RequestLog {
  readonly #calls = new Map<string, LoggedCall>()
  readonly #path: string | undefined
  #lines = 0
  #closed = false

  /** `earlier` are the calls of an earlier run; `path` is the file, which is not read when it is absent. */
  constructor(path: string | undefined, earlier: readonly LoggedCall[] = []) {
    this.#path = path
    for (const call of path === undefined ? earlier : readCalls(path)) this.#remember(call)
    if (path !== undefined && this.#calls.size > 0) this.#rewrite(path)
  }

  /** All calls, oldest first. */
  list(): LoggedCall[] {
    return [...this.#calls.values()]
  }

  /** Writes a call, or what became of it. */
  write(call: LoggedCall): void {
    if (this.#closed) return
    this.#remember(call)
    if (this.#path === undefined) return
    if (this.#lines >= 2 * this.#calls.size + spareLines) this.#rewrite(this.#path)
    else {
      appendFileSync(this.#path, toLine(call), { mode: 0o600 })
      this.#lines += 1
    }
  }

  /** Forgets what nobody may ask for any more. */
  forgetBefore(nowMs: number): void {
    for (const [key, { forgottenAtMs }] of this.#calls) {
      if (forgottenAtMs > nowMs) break
      this.#calls.delete(key)
    }
  }

  /** Keeps nothing of what is written from now on. */
  close(): void {
    this.#closed = true
  }

  // Leaves out what was changed or forgotten since.
  #rewrite(path: string): void {
    writeFileAtomic.sync(path, this.list().map(toLine).join(''), { mode: 0o600 })
    this.#lines = this.#calls.size
  }

  #remember(call: LoggedCall): void {
    const key = `${call.caller}\n${call.requestId}`
    if (call.state === 'failed') this.#calls.delete(key)
    else this.#calls.set(key, call)
  }
}

function toLine(call: LoggedCall): string {
  return `${JSON.stringify(call)}\n`
}

function readCalls(path: string): LoggedCall[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw unusableState(path, error)
  }
  // A line without an end was being written when the gateway was killed.
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
  try {
    return lines.map((line) => JSON.parse(line) as LoggedCall)
  } catch (error) {
    throw unusableState(path, error)
  }
}
