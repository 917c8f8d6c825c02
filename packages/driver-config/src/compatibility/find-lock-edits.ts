import type { ConfigLineage } from '../check/lineage.js'
import { compareRecords, isHarmless } from './compare-records.js'
import type { LockNotice } from './compatibility-report.js'
import type { ConfigLock } from './config-lock.js'
import { isReleased } from './is-released.js'

/** Where a lock holds less than the lock of its base branch, which it may only add to. */
export function findLockEdits(lock: ConfigLock, base: ConfigLock, { root, max }: ConfigLineage): readonly LockNotice[] {
  const versions = Object.entries(base.versions).flatMap(([key, before]) => {
    const number = Number(key)
    const after = lock.versions[key]
    if (!isReleased(before)) return []
    if (after === undefined) return [edited(`has no record of schema_version ${key}`)]
    const isSame =
      isReleased(after) && compareRecords(before, after, { number, root, isSuperseded: number < max }).every(isHarmless)
    return isSame ? [] : [edited(`has another record of schema_version ${key}`)]
  })
  const removed = Object.keys(base.removed)
    .filter((number) => lock.removed[number] === undefined)
    .map((number) => edited(`does not say that schema_version ${number} was removed`))
  const hasReleased = Object.values(base.versions).some(isReleased)
  const baseline = hasReleased && lock.unversioned !== base.unversioned ? [edited('has another "unversioned"')] : []
  return [...versions, ...removed, ...baseline]
}

function edited(what: string): LockNotice {
  const advice = 'Restore it from there, and record the config with "config check --update".'
  const message = `Other than the lock file of the base branch, this one ${what}. ${advice}`
  return { code: 'LOCK_EDITED', verdict: 'break', message }
}
