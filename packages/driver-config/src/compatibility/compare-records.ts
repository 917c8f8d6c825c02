import type { VersionStatus } from '../check/lineage.js'
import { compareSchemas } from './compare-schemas.js'
import type { LockedVersion } from './config-lock.js'
import { declareChange } from './declare-change.js'
import { lockedNode } from './locked-node.js'
import type { SchemaChange } from './schema-change.js'
import { weighIgnoredKeys } from './weigh-ignored-keys.js'

/** What comparing two records of one version needs to know. */
export interface RecordSituation {
  readonly number: number
  /** Name of the document root in paths. */
  readonly root: string
  /** True when a newer version follows: then even what no document notices stays as it is. */
  readonly isSuperseded: boolean
}

/** Everything that differs between two records of one version. Inside an experimental version nothing is graver than a warning. */
export function compareRecords(
  before: LockedVersion,
  after: LockedVersion,
  situation: RecordSituation,
): readonly SchemaChange[] {
  const hasOtherSchema = before.text_digest !== after.text_digest || before.shape_digest !== after.shape_digest
  const changes = [
    ...(hasOtherSchema ? compareRecordedSchemas(before, after, situation) : []),
    ...compareStrictness(before, after, situation),
    ...compareRules(before.rules, after.rules, situation),
    ...compareStages(before.status, after.status, situation),
  ]
  if (before.fixtures !== after.fixtures) {
    const what = `the examples of schema_version ${situation.number} are others`
    changes.push(declareChange('EXAMPLE_CHANGED', { path: situation.root, what }))
  }
  if (situation.isSuperseded && before.shape_digest !== after.shape_digest && changes.every(isHarmless)) {
    changes.push(
      declareChange('FROZEN_VERSION_EDITED', {
        path: situation.root,
        what: `schema_version ${situation.number} is released and has a successor, but its schema is another`,
        before: before.shape_digest,
        after: after.shape_digest,
      }),
    )
  }
  return before.status === 'experimental' ? changes.map(soften) : changes
}

function compareRecordedSchemas(
  before: LockedVersion,
  after: LockedVersion,
  { root }: RecordSituation,
): SchemaChange[] {
  const changes = compareSchemas(lockedNode(before), lockedNode(after), root)
  if (before.unknown_keys !== 'warn') return [...changes]
  return changes.map((change) => weighIgnoredKeys(change, after.unknown_keys === 'warn'))
}

/** True for what leaves every document and its meaning as they were. */
export function isHarmless({ verdict }: Pick<SchemaChange, 'verdict'>): boolean {
  return verdict === 'ok' || verdict === 'warning'
}

function soften(change: SchemaChange): SchemaChange {
  return isHarmless(change) ? change : { ...change, verdict: 'warning' }
}

function compareStrictness(before: LockedVersion, after: LockedVersion, { root }: RecordSituation): SchemaChange[] {
  const [was, is] = [before.unknown_keys ?? 'refuse', after.unknown_keys ?? 'refuse']
  if (was === is) return []
  const what = is === 'refuse' ? 'unknown keys were left out, and are refused now' : 'unknown keys are left out'
  const rule = is === 'refuse' ? 'OBJECT_CLOSED' : 'CONSTRAINT_DROPPED'
  return [declareChange(rule, { path: root, what, before: was, after: is })]
}

function compareRules(before: readonly string[], after: readonly string[], { root }: RecordSituation): SchemaChange[] {
  const earlier = revisionsOf(before)
  const later = revisionsOf(after)
  const lost = [...earlier].flatMap(([name, was]) => {
    const is = later.get(name)
    if (is === was) return []
    const what = is === undefined ? `the rule ${was} is gone` : `the rule ${was} is ${is} now`
    return [
      declareChange('RULE_CHANGED', { path: root, what, before: was, ...(is === undefined ? {} : { after: is }) }),
    ]
  })
  const added = [...later].flatMap(([name, is]) =>
    earlier.has(name)
      ? []
      : [declareChange('RULE_ADDED', { path: root, what: `the rule ${is} refuses blocks now`, after: is })],
  )
  return [...lost, ...added]
}

/** Rules by name; a name may hold an `@`, a revision does not. */
function revisionsOf(rules: readonly string[]): ReadonlyMap<string, string> {
  return new Map(rules.map((rule) => [rule.slice(0, rule.lastIndexOf('@')), rule]))
}

const stages: Readonly<Record<VersionStatus, number>> = { experimental: 0, beta: 1, stable: 2, deprecated: 2 }

function compareStages(was: VersionStatus, is: VersionStatus, { root, number }: RecordSituation): SchemaChange[] {
  if (was === is) return []
  const what = `schema_version ${number} was ${was}, and is ${is} now`
  const rule = stages[is] < stages[was] ? 'STAGE_LOWERED' : 'STAGE_RAISED'
  return [declareChange(rule, { path: root, what, before: was, after: is })]
}
