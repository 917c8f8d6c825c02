import type { JsonValue } from '../envelope/json-value.js'

/**
 * What a lookup found; `not-allowed` is there, and the operator's settings do not let blocks use it. A lookup that could not be
 * done throws; it never answers `not-found`.
 */
export type ResourceState = 'found' | 'not-found' | 'not-usable' | 'not-allowed'

/** A lookup of something that a block names and that lives outside the driver: a volume, a profile, a device. */
export interface ResourceCheck {
  /** What it is, in words that follow "the": `volume`. */
  readonly what: string
  /** Path template of the names in the current version: `mounts[].source`. */
  readonly path: string
  /** Limits the lookup to some places, for example to one branch of a union. @default all */
  readonly applies?: (parent: JsonValue) => boolean
  /** Looks up one name, without side effects. `signal` ends with the time limit or with the caller. */
  lookUp(name: string, signal: AbortSignal): Promise<ResourceState>
}
