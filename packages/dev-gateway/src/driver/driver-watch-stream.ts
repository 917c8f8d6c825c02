import type { Readable } from 'node:stream'

/** A driver's open watch stream: objects of type `WatchSandboxesEvent`. */
export interface DriverWatchStream extends Readable {
  /** Ends the call. */
  cancel(): void
}
