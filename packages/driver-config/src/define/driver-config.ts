import type { Deprecations } from '../check/deprecation.js'
import type { ParseContext, VersionStatus } from '../check/lineage.js'
import type { CheckResourcesOptions } from '../check/resources.js'
import type { StoredConfig } from '../check/stored-config.js'
import type { DriverConfigBlock } from '../envelope/driver-config-block.js'
import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import type { CheckResult } from '../issue/check-result.js'
import type { IssueCode } from '../issue/codes.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import type { StandardSchemaProps } from './standard-schema.js'

/** The supported versions of a config. */
export interface ConfigVersionRange {
  /** The oldest version that is still read. */
  readonly min: number
  /** The current version, the only one that handlers see. */
  readonly max: number
  /** The version that a block without `schema_version` means. */
  readonly baseline: number
}

/** One version, as data. */
export interface ConfigVersionInfo {
  readonly number: number
  readonly status: VersionStatus
  /** The driver version that introduced it, when it is known. */
  readonly since?: string
  /** `sha256:…` of everything that decides which documents are accepted. */
  readonly shapeDigest: string
  /** `sha256:…` that also covers descriptions. */
  readonly textDigest: string
  /** The operations that lead here from the version before, when the migration is made of operations. */
  readonly operations?: readonly JsonValue[]
  /** What should no longer be used, by path template: fields, and values of an enum as `mounts[].type=nfs`. */
  readonly deprecated?: Deprecations
}

/** A config as data: what a tool needs to know without the schemas. */
export interface ConfigDescription {
  readonly driverName: string
  /** Name of the document root in paths: `driver_config`. */
  readonly root: string
  readonly domain: string
  readonly versions: ConfigVersionRange
  readonly each: readonly ConfigVersionInfo[]
}

/** The published JSON Schema of one version. */
export interface PublishedSchema {
  readonly version: number
  /** JSON Schema 2020-12; `schema_version` is part of it, required for every version but the baseline. */
  readonly schema: JsonObject
  /** What the author shows of the version. */
  readonly examples: PublishedExamples
}

/** Documents that show one version, each with its `schema_version`. */
export interface PublishedExamples {
  /** The smallest useful block. */
  readonly minimal: JsonObject
  /** A block that uses every field, as far as they go together. */
  readonly full: JsonObject
  /** Blocks that are refused, with the code and the path of an issue that says so. */
  readonly invalid: readonly PublishedInvalidExample[]
}

/** A block that is refused. */
export interface PublishedInvalidExample {
  /** The block; not always an object. */
  readonly value: JsonValue
  /** The code of one of its issues. */
  readonly code: IssueCode
  /** The path of that issue: `driver_config.mounts[0].source`. */
  readonly path: string
}

/** One version by itself, for tests and tools. */
export interface ConfigAtVersion {
  readonly number: number
  /** The published JSON Schema of the version. */
  readonly schema: JsonObject
  /** Checks a value of this version, without reading a marker. */
  check(value: unknown, context?: ParseContext): CheckResult<JsonObject>
}

/** Options of `store`. */
export interface StoreOptions {
  /** The version of the driver that writes. */
  readonly driverVersion: string
}

/** Options of `migrate`. */
export interface MigrateOptions {
  /** The version to reach: a supported one, newer or older than the declared one. */
  readonly to: number
  /** What is known about the situation. */
  readonly context?: ParseContext
}

/**
 * Everything that a driver declared about its config. `Current` is the type that handlers get: the current version with
 * defaults filled in. `Input` is what a writer of the current version writes.
 *
 * All methods are pure and synchronous, never change what they are given, and never throw for a bad block unless they say so.
 */
export interface DriverConfig<Current, Input = unknown> {
  /** The key of the block in an envelope. */
  readonly driverName: string
  /** The domain that error details name, for example `acme.example`. */
  readonly domain: string
  readonly versions: ConfigVersionRange
  /** Checks a block and brings it to the current version. `undefined` means that there is no block. */
  safeParse(block: unknown, context?: ParseContext): CheckResult<Current>
  /**
   * The same for callers that have no use for the report.
   *
   * @throws DriverConfigError with every issue when the block is refused.
   */
  parse(block: unknown, context?: ParseContext): Current
  /** The verdict on a block in the version that it declares; the value has defaults and is not migrated. */
  check(block: unknown, context?: ParseContext): CheckResult<JsonObject>
  /**
   * Brings a block to another version; the value carries the marker of that version. Notes on losses are warnings.
   *
   * @throws ConfigError `unknown-version` when `to` is no supported version.
   */
  migrate(block: unknown, options: MigrateOptions): CheckResult<JsonObject>
  /** A block of the current version for an envelope; it always carries the marker. The value is copied, not checked. */
  block(value: Input): DriverConfigBlock
  /**
   * Stamps a value of the current version for the disk.
   *
   * @throws DriverConfigError when the way down to the version that is written fails.
   */
  store(value: Current, options: StoreOptions): StoredConfig
  /** Reads what `store` wrote, by this release or another one, and brings it to the current version in memory. */
  restore(stored: unknown, context?: ParseContext): CheckResult<Current>
  /** Looks up what a value names in the outside world; an empty list when everything is there. Never rejects. */
  checkResources(value: Current, options?: CheckResourcesOptions): Promise<readonly ConfigIssue[]>
  /** The config as a Standard Schema: any supported version in, the current version out. */
  readonly '~standard': StandardSchemaProps<Current, Input>
  /** The published schemas, oldest version first. */
  schemas(): readonly PublishedSchema[]
  /** The config as data. */
  describe(): ConfigDescription
  /** One version by itself; `undefined` for a number that is not supported. */
  at(version: number): ConfigAtVersion | undefined
}

/** The type that handlers of a config get: the current version, complete and read-only. */
export type Resolved<Config> = Config extends DriverConfig<infer Current, infer _> ? Current : never
