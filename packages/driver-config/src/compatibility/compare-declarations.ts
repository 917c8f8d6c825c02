import type { ConfigLineage } from '../check/lineage.js'
import { writeLimits } from '../publish/write-bundle.js'
import type { ConfigLock, LockedVersion } from './config-lock.js'
import { declareChange } from './declare-change.js'
import { isReleased } from './is-released.js'
import type { SchemaChange } from './schema-change.js'

/** A difference with the version that it is about. */
export type LineageChange = SchemaChange & { readonly version: number }

/** What differs in the declaration around the schemas: versions that went, numbers, the baseline, limits. */
export function compareDeclarations(lock: ConfigLock, lineage: ConfigLineage): readonly LineageChange[] {
  const released = Object.entries(lock.versions).filter(([, version]) => isReleased(version))
  const gone = released.filter(
    ([number]) => !lineage.versions.has(Number(number)) && lock.removed[number] === undefined,
  )
  return [
    ...Object.keys(lock.removed).flatMap((number) => compareTombstone(Number(number), lineage)),
    ...gone.flatMap(([number, version]) => compareRemoval(Number(number), version, lineage)),
    // Before the first release nobody relies on anything.
    ...(released.length === 0 ? [] : [...compareBaseline(lock, lineage), ...compareLimits(lock, lineage)]),
  ]
}

function markerPath({ root }: ConfigLineage): string {
  return `${root}.schema_version`
}

function compareTombstone(version: number, lineage: ConfigLineage): LineageChange[] {
  if (lineage.tombstones.has(version)) return []
  const path = markerPath(lineage)
  if (lineage.versions.has(version)) {
    const what = `${version} was removed, and is declared again`
    return [{ version, ...declareChange('VERSION_NUMBER_REUSED', { path, what, after: version }) }]
  }
  const what = `${version} was removed, and the config does not say so any more`
  return [{ version, ...declareChange('TOMBSTONE_REMOVED', { path, what, before: version }) }]
}

/** True for a version that was never released, or whose users were told before that it goes. */
export function mayGo(version: LockedVersion | undefined): boolean {
  return version === undefined || !isReleased(version) || ['deprecated', 'experimental'].includes(version.status)
}

function compareRemoval(version: number, locked: LockedVersion, lineage: ConfigLineage): LineageChange[] {
  const path = markerPath(lineage)
  if (!lineage.tombstones.has(version)) {
    const what = `${version} is released, and is not read any more`
    return [{ version, ...declareChange('MIN_VERSION_RAISED', { path, what, before: version }) }]
  }
  if (mayGo(locked)) return []
  const { status } = locked
  const what = `${version} is removed, but its last release calls it ${status} and not deprecated`
  const verdict = status === 'beta' ? 'warning' : 'break'
  return [{ version, ...declareChange('REMOVED_WITHOUT_DEPRECATION', { path, what, before: status, verdict }) }]
}

function compareBaseline({ unversioned }: ConfigLock, lineage: ConfigLineage): LineageChange[] {
  const { baseline } = lineage
  if (baseline === unversioned) return []
  const what = `a block without it meant ${unversioned}, and would mean ${baseline}`
  const values = { path: markerPath(lineage), what, before: unversioned, after: baseline }
  return [{ version: 0, ...declareChange('UNVERSIONED_BASELINE_CHANGED', values) }]
}

function compareLimits({ limits }: ConfigLock, lineage: ConfigLineage): LineageChange[] {
  return Object.entries(writeLimits(lineage.limits)).flatMap(([name, after]) => {
    const before = limits[name as keyof ConfigLock['limits']]
    if (after >= before) return []
    const what = `the limit "${name}" was ${before}, and is ${after} now`
    return [{ version: 0, ...declareChange('LIMIT_LOWERED', { path: lineage.root, what, before, after }) }]
  })
}
