import { Readable } from 'node:stream'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { type WatchSandboxesEvent, WatchSandboxesEventSchema } from '@openshell-ts/protocol/compute'
import type { DriverWatchStream } from '../driver/driver-watch-stream.js'

/** What a watch stream can say. */
export type WatchPayload = NonNullable<MessageInitShape<typeof WatchSandboxesEventSchema>['payload']>

/** One open watch of a simulated driver. */
export class SimulatedWatch extends Readable implements DriverWatchStream {
  constructor() {
    super({ objectMode: true })
  }

  /** Sends an event; nothing happens when the watch has ended. */
  emitPayload(payload: WatchPayload): void {
    if (this.destroyed || this.readableEnded) return
    const event: WatchSandboxesEvent = create(WatchSandboxesEventSchema, {
      payload,
    } as MessageInitShape<typeof WatchSandboxesEventSchema>)
    this.push(event)
  }

  override _read(): void {
    // Events are pushed when they happen.
  }

  /** Ends the watch. */
  cancel(): void {
    if (!this.destroyed) this.push(null)
  }
}
