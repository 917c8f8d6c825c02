import type { DriverConfig } from '../define/driver-config.js'
import { digestJson } from '../schema/schema-digest.js'

/** What a driver's version tells about its config. */
export interface AdvertisedConfig {
  /** The version of the driver without what was added. */
  readonly driverVersion: string
  /** The oldest and the newest `schema_version` that the driver reads. */
  readonly min: number
  readonly max: number
  /** The first 12 hex digits of `config_digest` in the published index: equal for equal shapes of all versions. */
  readonly digest: string
}

/** A config, or one that was loaded from its bundle. */
export type AdvertisingConfig = Pick<DriverConfig<unknown>, 'driverName' | 'versions' | 'describe'>

/** What to write, so that a driver of which only the version is known reads it. */
export interface NegotiatedVersion {
  readonly version: number
  /** True when nothing is advertised: the block is written without a marker, which means the baseline for ever. */
  readonly unmarked: boolean
  /** True when the driver has exactly the shapes that are known here. */
  readonly sameShapes: boolean
}

const digestDigits = 12
const advertised = /^(.*?)[+.]cfg\.(\d{1,9})-(\d{1,9})\.([0-9a-f]{12})$/

/** `sha256:…` of the shapes of all versions and of what a block without a marker means; texts and addresses do not count. */
export function configDigest({ driverName, versions, describe }: AdvertisingConfig): string {
  const shapes = Object.fromEntries(describe().each.map(({ number, shapeDigest }) => [String(number), shapeDigest]))
  return digestJson({ driver: driverName, unversioned: versions.baseline, versions: shapes })
}

/**
 * The version of a driver with the range of its config as build metadata: `1.4.0+cfg.1-2.ab12cd34ef56`. Whoever compares versions
 * ignores it, and it reaches every client that may see the version. A driver that takes no config keeps its version.
 */
export function advertiseConfig(driverVersion: string, config: AdvertisingConfig): string {
  const { min, max } = config.versions
  if (max === 0) return driverVersion
  const digest = configDigest(config).slice('sha256:'.length, 'sha256:'.length + digestDigits)
  return `${driverVersion}${driverVersion.includes('+') ? '.' : '+'}cfg.${min}-${max}.${digest}`
}

/** What `advertiseConfig` added to a version; `undefined` when it tells nothing. */
export function readAdvertisedConfig(version: string): AdvertisedConfig | undefined {
  const [, driverVersion, least, most, digest] = advertised.exec(version) ?? []
  if (driverVersion === undefined || digest === undefined) return undefined
  const [min, max] = [Number(least), Number(most)]
  return min >= 1 && min <= max ? { driverVersion, min, max, digest } : undefined
}

/**
 * The version to write for a driver of which only its version is known: the highest that both read, or the baseline without a marker
 * when nothing is advertised. `undefined` when no version is read by both.
 */
export function negotiateVersion(driverVersion: string, config: AdvertisingConfig): NegotiatedVersion | undefined {
  const { min, max, baseline } = config.versions
  const told = readAdvertisedConfig(driverVersion)
  if (told === undefined) {
    return baseline < min ? undefined : { version: baseline, unmarked: true, sameShapes: false }
  }
  const version = Math.min(max, told.max)
  if (version < Math.max(min, told.min)) return undefined
  return { version, unmarked: false, sameShapes: configDigest(config).startsWith(`sha256:${told.digest}`) }
}
