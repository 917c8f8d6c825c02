import { isHarmless } from './compare-records.js'
import type { LockNotice, VersionChange } from './compatibility-report.js'
import type { ConfigWaiver } from './config-lock.js'

/** Changes with their waivers, and what there is to say about the waivers themselves. */
export interface WaivedChanges {
  readonly changes: readonly VersionChange[]
  readonly notices: readonly LockNotice[]
}

/** A migration that fails for a document is corrected: nobody can answer for the documents that a search did not meet. */
const unwaivable: ReadonlySet<string> = new Set(['MIGRATION_MISSING', 'MIGRATION_COUNTEREXAMPLE'])

/** Applies waivers by fingerprint and rule, up to their last day in UTC. One that is out of date counts no more, and fails. */
export function applyWaivers(
  changes: readonly VersionChange[],
  waivers: readonly ConfigWaiver[],
  now: Date,
): WaivedChanges {
  const today = now.toISOString().slice(0, 10)
  const current = waivers.filter(({ expires }) => expires >= today)
  const covers = (waiver: ConfigWaiver, { fingerprint, rule }: VersionChange): boolean =>
    waiver.fingerprint === fingerprint && waiver.rule === rule
  const waived = changes.map((change) => {
    const isFixed = isHarmless(change) || unwaivable.has(change.rule)
    const waiver = isFixed ? undefined : current.find((each) => covers(each, change))
    return waiver === undefined ? change : { ...change, waiver }
  })
  const used = new Set(waived.map(({ waiver }) => waiver))
  const notices = waivers.flatMap((waiver): LockNotice[] => {
    const { fingerprint, rule, expires } = waiver
    if (expires < today) {
      const message = `The waiver ${fingerprint} for ${rule} expired on ${expires}. Undo the change, remove the waiver, or give it a new date.`
      return [{ code: 'WAIVER_EXPIRED', verdict: 'break', message }]
    }
    if (used.has(waiver)) return []
    const message = `The waiver ${fingerprint} for ${rule} covers nothing. Remove it.`
    return [{ code: 'WAIVER_UNUSED', verdict: 'warning', message }]
  })
  return { changes: waived, notices }
}
