import { isJsonObject, type JsonObject } from '../envelope/json-value.js'
import type { IssueCode } from '../issue/codes.js'
import { type ConfigIssue, createIssue } from '../issue/config-issue.js'
import { endSentence } from '../issue/end-sentence.js'
import { bugReportSentence, ownerTitle } from '../issue/owner-title.js'
import { formatPath, fromPointer } from '../issue/path.js'
import { deepFreeze } from '../schema/deep-freeze.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { childrenOf } from '../schema/template-of.js'
import { applyDefaults } from './defaults.js'
import type { DriverOnlyPart } from './driver-only-part.js'
import { guardValue } from './guard.js'
import type { ConfigLineage, ConfigVersion, Migration, ParseContext } from './lineage.js'
import { silencePromise } from './silence-promise.js'
import { checkStructure } from './structure.js'
import { StructureReport } from './structure-report.js'

/** The block in the shape of another version, or the issue that blames the driver. */
export type MigrationResult =
  | { readonly ok: true; readonly value: JsonObject; readonly notes: readonly string[] }
  | { readonly ok: false; readonly issue: ConfigIssue }

/**
 * Brings a complete value of version `from` to version `to`, one hop after the other, up or down.
 *
 * What a hop returns is checked against its version and gets that version's defaults before the next hop. A failure is the
 * driver's fault, because the block was valid when the migration began; the text of a thrown error is not shown, because it
 * may hold values.
 */
export function migrateValue(
  value: JsonObject,
  from: number,
  to: number,
  lineage: ConfigLineage,
  context: ParseContext,
): MigrationResult {
  const notes: string[] = []
  const direction = to >= from ? 1 : -1
  let current = value
  for (let number = from; number !== to; number += direction) {
    const target = lineage.versions.get(number + direction)
    const migration = direction === 1 ? target?.up : lineage.versions.get(number)?.down
    if (target === undefined || migration === undefined) return missingHop(number, number + direction, lineage, context)
    const hop: Hop = { from: number, declared: from, target, lineage, context }
    const result = runHop(migration, current, hop, notes)
    if (!result.ok) return result
    current = result.value
  }
  return { ok: true, value: current, notes }
}

interface Hop {
  readonly from: number
  readonly declared: number
  readonly target: ConfigVersion
  readonly lineage: ConfigLineage
  readonly context: ParseContext
}

function runHop(migration: Migration, value: JsonObject, hop: Hop, notes: string[]): MigrationResult {
  let output: unknown
  try {
    output = migration(deepFreeze(value), (text) => notes.push(String(text)))
  } catch {
    return { ok: false, issue: driverIssue('MIGRATION_FAILED', 'failed', hop) }
  }
  // A promise is no plain JSON, which the guard says.
  silencePromise(output)
  const { root } = hop.lineage
  const guarded = guardValue(output, hop.lineage.limits, { root, schemaVersion: hop.target.number })
  if (!guarded.ok || !isJsonObject(guarded.value)) {
    const reason = guarded.ok ? undefined : declaredPlace(guarded.issues[0], hop)
    const where = reason === undefined || reason === root ? '' : ` at ${reason}`
    return {
      ok: false,
      issue: driverIssue('MIGRATION_INVALID_OUTPUT', `gave a result that is not plain JSON${where}`, hop),
    }
  }
  const report = new StructureReport({ root, schemaVersion: hop.target.number }, hop.target.node, [], true)
  checkStructure(hop.target.node, guarded.value, report)
  const [first] = report.issues
  if (first !== undefined) {
    const said = first.message.slice(first.path.length)
    const problem = `gave a result that ${hop.target.number} does not accept: ${declaredPlace(first, hop)}${said}`
    return { ok: false, issue: driverIssue('MIGRATION_INVALID_OUTPUT', problem, hop) }
  }
  return { ok: true, value: applyDefaults(hop.target.node, guarded.value) as JsonObject, notes }
}

/** The place of an issue as far as the schema names it: a key that a migration made up may hold a value. */
function declaredPlace(issue: ConfigIssue | undefined, { target, lineage }: Hop): string {
  let place = lineage.root
  let nodes: readonly SchemaNode[] = [target.node]
  for (const token of fromPointer(issue?.pointer ?? '')) {
    const step = [token, '[]', '{}'].find((each) => nodes.some((node) => childrenOf(node, each).length > 0))
    if (step === undefined) break
    nodes = nodes.flatMap((node) => childrenOf(node, step))
    if (step === '{}') place += '{}'
    else place += step === '[]' ? `[${token}]` : formatPath('', [token])
  }
  return place
}

function missingHop(from: number, to: number, lineage: ConfigLineage, context: ParseContext): MigrationResult {
  const title = ownerTitle(lineage, context.driverVersion)
  const isDriverOnly = ({ kind, name }: DriverOnlyPart) => kind === 'migration' && name === `${from} to ${to}`
  if (lineage.driverOnly?.some(isDriverOnly) === true)
    return { ok: false, issue: notPortable(from, to, lineage, title) }
  const text = `${lineage.root}: ${title} has no migration from schema_version ${from} to ${to}.`
  const site = { root: lineage.root, schemaVersion: from }
  const fix = `Add the migration to the config of ${lineage.owner} ${lineage.driverName}.`
  return { ok: false, issue: createIssue(site, 'MIGRATION_FAILED', [], { message: text, fix, otherVersion: to }) }
}

/** Nobody's mistake: the bundle says that the step is code. */
function notPortable(from: number, to: number, lineage: ConfigLineage, title: string): ConfigIssue {
  const { root, max } = lineage
  const fix = `Write the block for schema_version ${max}, or leave the upgrade to the ${lineage.owner}.`
  const message = `${root}: only ${title} itself can bring a block from schema_version ${from} to ${to}. ${fix}`
  return createIssue({ root, schemaVersion: from }, 'MIGRATION_NOT_PORTABLE', [], { message, fix, otherVersion: to })
}

function driverIssue(code: IssueCode, problem: string, hop: Hop): ConfigIssue {
  const fix = bugReportSentence(ownerTitle(hop.lineage, hop.context.driverVersion))
  const what = `the migration from schema_version ${hop.from} to ${hop.target.number} ${problem}`
  const message = `${hop.lineage.root}: ${endSentence(what)} ${fix}`
  const site = { root: hop.lineage.root, schemaVersion: hop.declared }
  return createIssue(site, code, [], { message, fix, otherVersion: hop.target.number })
}
