import type { ClientReadableStream } from '@grpc/grpc-js'
import type { ComputeDriver, WatchSandboxesEvent } from '@openshell-ts/protocol/compute'
import type { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { computeClient } from './compute-client.js'

/** A watcher with a connection of its own, that counts what it is told. */
export class CountingWatch {
  readonly #client: GrpcServiceClient<typeof ComputeDriver>
  readonly #stream: ClientReadableStream<WatchSandboxesEvent>
  #count = 0
  #wanted: { count: number; reached: () => void } | undefined
  /** What the sandboxes said of themselves, in the order in which it came; a reader empties it. */
  details: string[] = []

  constructor(socketPath: string) {
    this.#client = computeClient(socketPath)
    this.#stream = this.#client.serverStream('watchSandboxes', {})
    this.#stream.on('data', (event: WatchSandboxesEvent) => this.#take(event))
    // It is cancelled at the end.
    this.#stream.on('error', () => undefined)
  }

  /** Resolves when so many events have come since the watch began. */
  async until(count: number): Promise<void> {
    if (this.#count >= count) return
    await new Promise<void>((reached) => {
      this.#wanted = { count, reached }
    })
  }

  close(): void {
    this.#stream.cancel()
    this.#client.close()
  }

  #take({ payload }: WatchSandboxesEvent): void {
    this.#count += 1
    const sandbox = payload.case === 'sandbox' ? payload.value.sandbox : undefined
    this.details.push(sandbox?.status?.conditions.find(({ type }) => type === 'Ready')?.message ?? '')
    if (this.#wanted !== undefined && this.#count >= this.#wanted.count) this.#wanted.reached()
  }
}
