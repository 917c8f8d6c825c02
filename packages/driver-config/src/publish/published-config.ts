import type { DriverOnlyPart } from '../check/driver-only-part.js'
import type { DriverConfig } from '../define/driver-config.js'
import type { JsonObject } from '../envelope/json-value.js'

/** What a client has of a config; what the driver does with its disk and its surroundings is left to the driver. */
type ClientMember =
  | 'driverName'
  | 'domain'
  | 'versions'
  | 'safeParse'
  | 'parse'
  | 'check'
  | 'migrate'
  | 'block'
  | '~standard'
  | 'schemas'
  | 'describe'
  | 'at'

/**
 * A config that was loaded from its bundle: builds and judges blocks as the driver's own does, without the driver's code.
 *
 * It finds every problem of structure, every secret and every rule that a bundle can carry, under the driver's codes and paths.
 * What is in `driverOnly` it cannot judge, so that a block that it accepts may still be refused by the driver. A block that only
 * the driver can bring to the current version is checked by `check`; `safeParse`, `parse` and `migrate` refuse it with
 * `MIGRATION_NOT_PORTABLE`.
 */
export interface PublishedConfig extends Pick<DriverConfig<JsonObject, JsonObject>, ClientMember> {
  /** The version of the driver that published it, when the bundle says so; reports name it. */
  readonly driverVersion?: string
  /** `sha256:…` of the bundle. */
  readonly bundleDigest: string
  /** What only the driver can do: rules and steps that are code, decisions of its operator, lookups. */
  readonly driverOnly: readonly DriverOnlyPart[]
}
