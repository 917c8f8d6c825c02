import type { EngineParts } from './engine-parts.js'
import type { Reaper } from './reaper.js'

/** What operations work with that may leave something behind. */
export interface OperationParts extends EngineParts {
  readonly reaper: Reaper
}
