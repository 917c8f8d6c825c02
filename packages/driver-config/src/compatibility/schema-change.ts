import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import type { CompatibilityRule, CompatibilityVerdict } from './compatibility-rules.js'

/** One difference between two releases of a version. */
export interface SchemaChange {
  readonly rule: CompatibilityRule
  readonly verdict: CompatibilityVerdict
  /** Where, as the template that all places share: `driver_config.mounts[].source`. */
  readonly path: string
  /** What the older schema says there, never a document's value; absent when it says nothing. */
  readonly before?: JsonValue
  /** What the newer schema says there; absent when it says nothing. */
  readonly after?: JsonValue
  /** A block, without marker, that the older schema accepts and the newer one refuses; present when one was found. */
  readonly witness?: JsonObject
  /** One sentence that says where and what, and one that says what to change. */
  readonly message: string
}
