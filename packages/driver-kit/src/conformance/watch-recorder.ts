import { once } from 'node:events'
import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js'
import type { DriverSandbox, WatchSandboxesEvent } from '@openshell-ts/protocol/compute'
import { CaseFailure } from './case-outcome.js'
import { describeSandbox } from './sandbox-status.js'

/** How long a driver that says nothing may take to accept a watch. */
const silentStartMs = 1_000

/** How a watch is waited for. */
export interface WatchRecorderOptions {
  readonly timeoutMs: number
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

/** A running watch that remembers everything it is told. */
export class WatchRecorder {
  readonly events: WatchSandboxesEvent[] = []
  readonly #stream: ClientReadableStream<WatchSandboxesEvent>
  readonly #options: WatchRecorderOptions
  readonly #waiting = new Set<() => void>()
  #end: string | undefined

  constructor(stream: ClientReadableStream<WatchSandboxesEvent>, options: WatchRecorderOptions) {
    this.#stream = stream
    this.#options = options
    stream.on('data', (event: WatchSandboxesEvent) => {
      this.events.push(event)
      this.#wake()
    })
    stream.on('error', ({ details }: ServiceError) => this.#close(`an error: ${details}`))
    stream.on('end', () => this.#close('its end'))
  }

  /**
   * Resolves when the driver has accepted the watch, so that later changes are live events: with its headers or its first
   * event. A driver that sends neither is given a second.
   */
  async begun(): Promise<void> {
    const silence = AbortSignal.timeout(Math.min(this.#options.timeoutMs, silentStartMs))
    const settled = new AbortController()
    const signal = AbortSignal.any([silence, settled.signal])
    const signs = ['metadata', 'data', 'end', 'error'].map((name) =>
      once(this.#stream, name, { signal }).catch(() => undefined),
    )
    await Promise.race(signs)
    settled.abort()
  }

  /** Resolves when an event from `from` on satisfies the condition. @throws CaseFailure when none comes in time. */
  async until(what: string, condition: (event: WatchSandboxesEvent) => boolean, from = 0): Promise<void> {
    const { timeoutMs, signal } = this.#options
    const timeout = AbortSignal.timeout(timeoutMs)
    const deadline = signal === undefined ? timeout : AbortSignal.any([timeout, signal])
    const expired = once(deadline, 'abort')
    while (!this.events.slice(from).some(condition)) {
      if (this.#end !== undefined) throw new CaseFailure(`the watch to send ${what}`, this.#end)
      if (deadline.aborted) {
        throw new CaseFailure(`the watch to send ${what} within ${timeoutMs} ms`, this.#story(from))
      }
      const woken = new Promise<void>((resolve) => {
        this.#waiting.add(resolve)
      })
      await Promise.race([woken, expired])
    }
  }

  /** The snapshots of one sandbox, in order. */
  snapshots(id: string, from = 0): DriverSandbox[] {
    return this.events.slice(from).flatMap((event) => {
      const sandbox = sandboxOf(event)
      return sandbox?.id === id ? [sandbox] : []
    })
  }

  /** How often the sandbox was reported as deleted. */
  deletions(id: string): number {
    return this.events.filter((event) => isDeleted(event, id)).length
  }

  close(): void {
    this.#stream.cancel()
  }

  #close(end: string): void {
    this.#end = end
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  #story(from: number): string {
    const lines = this.events.slice(from).map((event) => {
      const sandbox = sandboxOf(event)
      return sandbox === undefined ? (event.payload.case ?? 'an empty event') : describeSandbox(sandbox)
    })
    return lines.length === 0 ? 'nothing' : lines.join(' · ')
  }
}

/** The sandbox of a snapshot event; `undefined` for other events. */
export function sandboxOf({ payload }: WatchSandboxesEvent): DriverSandbox | undefined {
  return payload.case === 'sandbox' ? payload.value.sandbox : undefined
}

/** Whether the event says that this sandbox is gone. */
export function isDeleted({ payload }: WatchSandboxesEvent, id: string): boolean {
  return payload.case === 'deleted' && payload.value.sandboxId === id
}
