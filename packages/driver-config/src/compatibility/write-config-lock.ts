import type { ConfigLineage } from '../check/lineage.js'
import type { DriverConfig } from '../define/driver-config.js'
import { requireLineage } from '../define/require-lineage.js'
import type { JsonValue } from '../envelope/json-value.js'
import { writeLimits } from '../publish/write-bundle.js'
import { canonicalJson } from '../schema/canonical-json.js'
import { mayGo } from './compare-declarations.js'
import { compareRecords, isHarmless } from './compare-records.js'
import { type ConfigLock, type LockedVersion, lockFormat } from './config-lock.js'
import { isReleased } from './is-released.js'
import { recordVersions } from './record-version.js'
import { requireOwnLock } from './require-own-lock.js'

/** Options of `writeConfigLock`. */
export interface WriteConfigLockOptions {
  /** What was recorded before; it only grows. @default nothing */
  readonly lock?: ConfigLock
  /** Freezes the current version, as part of the release that ships it. @default false */
  readonly release?: boolean
}

/** A lock and its file. */
export interface WrittenConfigLock {
  readonly lock: ConfigLock
  /** Sorted keys, one a line: equal configs give equal texts. */
  readonly text: string
}

/**
 * Records the versions of a config beside those that are recorded already.
 *
 * A version that is not released is recorded as it is. A released one takes only what leaves every document and its meaning as they
 * were, such as a new optional field in the current version; for everything else the record stays, and `checkCompatibility` tells
 * of the difference. A version that another one follows counts as released.
 *
 * @throws DefinitionError for a config that takes nothing, ConfigLockError for the lock of another driver.
 */
export function writeConfigLock(
  config: DriverConfig<unknown>,
  { lock, release = false }: WriteConfigLockOptions = {},
): WrittenConfigLock {
  const lineage = requireLineage(config, 'record')
  if (lock !== undefined) requireOwnLock(lock, lineage)
  const versions = growVersions(recordVersions(config, lineage), lineage, { lock, release })
  const hasReleased = Object.values(lock?.versions ?? {}).some(isReleased)
  const grown: ConfigLock = {
    lock_format: lockFormat,
    driver: lineage.driverName,
    unversioned: lock !== undefined && hasReleased ? lock.unversioned : lineage.baseline,
    limits: growLimits(lineage, hasReleased ? lock : undefined),
    versions,
    removed: growRemoved(lineage, lock),
    waivers: lock?.waivers ?? [],
  }
  return { lock: grown, text: formatConfigLock(grown) }
}

function formatConfigLock(lock: ConfigLock): string {
  const sorted: unknown = JSON.parse(canonicalJson(lock as unknown as JsonValue))
  return `${JSON.stringify(sorted, undefined, 2)}\n`
}

function growVersions(
  records: ReadonlyMap<number, LockedVersion>,
  { root, max }: ConfigLineage,
  { lock, release }: { readonly lock: ConfigLock | undefined; readonly release: boolean },
): Record<string, LockedVersion> {
  const kept = Object.entries(lock?.versions ?? {}).filter(([, version]) => isReleased(version))
  const versions: Record<string, LockedVersion> = Object.fromEntries(kept)
  for (const [number, record] of records) {
    const before = versions[number]
    const isSuperseded = number < max
    if (before === undefined) versions[number] = isSuperseded || release ? record : { ...record, released: false }
    else if (compareRecords(before, record, { number, root, isSuperseded }).every(isHarmless)) versions[number] = record
  }
  return versions
}

/** A version goes on record as removed only when it was deprecated before. */
function growRemoved({ tombstones }: ConfigLineage, lock: ConfigLock | undefined): ConfigLock['removed'] {
  const stated = [...tombstones].filter(([number]) => mayGo(lock?.versions[number]))
  return {
    ...Object.fromEntries(stated.map(([number, tombstone]) => [number, { ...tombstone }])),
    ...lock?.removed,
  }
}

/** A limit may rise; where it was lowered, what was promised stays on record. */
function growLimits({ limits }: ConfigLineage, lock: ConfigLock | undefined): ConfigLock['limits'] {
  const written = writeLimits(limits)
  const entries = Object.entries(written).map(([name, limit]) => [
    name,
    Math.max(limit, lock?.limits[name as keyof ConfigLock['limits']] ?? limit),
  ])
  return Object.fromEntries(entries) as unknown as ConfigLock['limits']
}
