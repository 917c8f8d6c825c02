import { once } from 'node:events'
import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js'
import type { DriverSandbox, WatchSandboxesEvent } from '@openshell-ts/protocol/compute'
import { CaseFailure } from './case-outcome.js'
import { describeSandbox } from './sandbox-status.js'

/** A running watch that remembers everything it is told. */
export class WatchRecorder {
  readonly events: WatchSandboxesEvent[] = []
  readonly #stream: ClientReadableStream<WatchSandboxesEvent>
  readonly #timeoutMs: number
  #end: string | undefined
  #wake: () => void = () => {}

  constructor(stream: ClientReadableStream<WatchSandboxesEvent>, timeoutMs: number) {
    this.#stream = stream
    this.#timeoutMs = timeoutMs
    stream.on('data', (event: WatchSandboxesEvent) => {
      this.events.push(event)
      this.#wake()
    })
    stream.on('error', ({ details }: ServiceError) => this.#close(`an error: ${details}`))
    stream.on('end', () => this.#close('its end'))
  }

  /** Resolves when the driver has accepted the watch, so that later changes are live events. Not all drivers say so. */
  async begun(): Promise<void> {
    const signal = AbortSignal.timeout(Math.min(this.#timeoutMs, 1_000))
    await once(this.#stream, 'metadata', { signal }).catch(() => undefined)
  }

  /** Resolves when an event from `from` on satisfies the condition. @throws CaseFailure when none comes in time. */
  async until(what: string, condition: (event: WatchSandboxesEvent) => boolean, from = 0): Promise<void> {
    const deadline = AbortSignal.timeout(this.#timeoutMs)
    const expired = once(deadline, 'abort')
    while (!this.events.slice(from).some(condition)) {
      if (this.#end !== undefined) throw new CaseFailure(`the watch to send ${what}`, this.#end)
      if (deadline.aborted) {
        throw new CaseFailure(`the watch to send ${what} within ${this.#timeoutMs} ms`, this.#story(from))
      }
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
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
