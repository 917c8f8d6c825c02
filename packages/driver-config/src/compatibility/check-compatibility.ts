import type { ConfigLineage } from '../check/lineage.js'
import type { DriverConfig } from '../define/driver-config.js'
import { requireLineage } from '../define/require-lineage.js'
import type { JsonValue } from '../envelope/json-value.js'
import { canonicalJson } from '../schema/canonical-json.js'
import { checkMigrations, type MigrationProof } from './check-migrations.js'
import { compareDeclarations, type LineageChange } from './compare-declarations.js'
import { compareRecords, isHarmless } from './compare-records.js'
import type { CompatibilityReport, LockNotice, VersionChange } from './compatibility-report.js'
import type { ConfigLock } from './config-lock.js'
import { applyWaivers } from './config-waivers.js'
import { findLockEdits } from './find-lock-edits.js'
import { fingerprintOf } from './fingerprint.js'
import { isReleased } from './is-released.js'
import { recordVersions } from './record-version.js'
import { requireOwnLock } from './require-own-lock.js'
import { writeConfigLock } from './write-config-lock.js'

/** Options of `checkCompatibility`. */
export interface CheckCompatibilityOptions {
  /**
   * The lock of the branch that a change goes to. What it holds wins over the lock beside the change, so that an edited lock
   * cannot bless itself. Waivers are those of the lock beside the change. @default the lock alone
   */
  readonly base?: ConfigLock
  /** The time, for the dates of waivers. */
  readonly now: Date
  /** Random documents of each version that have to migrate. @default 1,000 */
  readonly runs?: number
  /** Equal seeds give equal documents. @default 1 */
  readonly seed?: number
}

/**
 * Holds a config to what its earlier releases promised: every version that was released still takes the documents that it took,
 * with the meaning that they had, and every older version still comes to the current one.
 *
 * @throws DefinitionError for a config that takes nothing, ConfigLockError for the lock of another driver.
 */
export function checkCompatibility(
  config: DriverConfig<unknown>,
  lock: ConfigLock,
  { base, now, ...search }: CheckCompatibilityOptions,
): CompatibilityReport {
  const lineage = requireLineage(config, 'check')
  for (const each of [lock, base]) if (each !== undefined) requireOwnLock(each, lineage)
  const reference = base === undefined ? lock : mergeLocks(lock, base)
  const migrations = checkMigrations(config, search)
  const found = [
    ...compareDeclarations(reference, lineage),
    ...compareVersions(config, lineage, reference),
    ...migrations.flatMap(({ from, change }) => (change === undefined ? [] : [{ version: from, ...change }])),
  ]
  const marked = found.sort((a, b) => a.version - b.version).map(markChange)
  const { changes, notices } = applyWaivers(marked, lock.waivers, now)
  const all = [
    ...(base === undefined ? [] : findLockEdits(lock, base, lineage)),
    ...findDrift(config, lock),
    ...notices,
  ]
  return { driver: lineage.driverName, verdict: judge(changes, all, migrations), changes, notices: all, migrations }
}

/** What both branches have released; where they disagree, the base wins. */
function mergeLocks(lock: ConfigLock, base: ConfigLock): ConfigLock {
  const released = Object.entries(base.versions).filter(([, version]) => isReleased(version))
  return {
    ...lock,
    unversioned: base.unversioned,
    limits: base.limits,
    versions: { ...lock.versions, ...Object.fromEntries(released) },
    removed: { ...lock.removed, ...base.removed },
  }
}

function compareVersions(
  config: DriverConfig<unknown>,
  lineage: ConfigLineage,
  { versions, removed }: ConfigLock,
): LineageChange[] {
  const { root, max } = lineage
  return [...recordVersions(config, lineage)].flatMap(([number, record]) => {
    const before = versions[number]
    if (before === undefined || !isReleased(before) || removed[number] !== undefined) return []
    const changes = compareRecords(before, record, { number, root, isSuperseded: number < max })
    return changes.map((change) => ({ version: number, ...change }))
  })
}

function markChange(change: LineageChange): VersionChange {
  return { ...change, fingerprint: fingerprintOf(change) }
}

/** Drift is exactly what recording the config again would change. */
function findDrift(config: DriverConfig<unknown>, lock: ConfigLock): LockNotice[] {
  const { lock: grown } = writeConfigLock(config, { lock })
  const isOther = (a: unknown, b: unknown): boolean =>
    canonicalJson((a ?? null) as JsonValue) !== canonicalJson((b ?? null) as JsonValue)
  const numbers = new Set([...Object.keys(lock.versions), ...Object.keys(grown.versions)])
  const versions = [...numbers].filter((number) => isOther(lock.versions[number], grown.versions[number]))
  const members = (['unversioned', 'limits', 'removed'] as const).filter((name) => isOther(lock[name], grown[name]))
  const places = [...versions.map((number) => `schema_version ${number}`), ...members.map((name) => `"${name}"`)]
  return places.map((place) => {
    const message = `The lock file does not have ${place} as the config declares it. Record it with "config check --update".`
    return { code: 'LOCK_DRIFT', verdict: 'break', message }
  })
}

function judge(
  changes: readonly VersionChange[],
  notices: readonly LockNotice[],
  migrations: readonly MigrationProof[],
): CompatibilityReport['verdict'] {
  const open = changes.filter((change) => change.waiver === undefined && !isHarmless(change))
  const failing = [...open, ...notices].some(({ verdict }) => verdict === 'break')
  if (failing) return 'break'
  return open.length > 0 || migrations.some(({ result }) => result === 'unknown') ? 'unknown' : 'ok'
}
