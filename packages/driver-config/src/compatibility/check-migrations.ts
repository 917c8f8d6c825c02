import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import { markerKey } from '../check/marker.js'
import type { DriverConfig } from '../define/driver-config.js'
import { requireLineage } from '../define/require-lineage.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { judgeMigration, judgeRoundTrip } from '../testing/judge-migration.js'
import { generateDocuments, isAccepted, varyDocuments } from '../testing/search-documents.js'
import { shrinkDocument } from '../testing/shrink-document.js'
import type { Judge, Subject } from '../testing/subject.js'
import { declareChange } from './declare-change.js'
import { edgeDocuments } from './edge-documents.js'
import { isProvenMigration } from './prove-migration.js'
import type { SchemaChange } from './schema-change.js'

/** Options of `checkMigrations`. */
export interface CheckMigrationsOptions {
  /** The versions whose documents are in use. @default every supported version but the current one */
  readonly versions?: readonly number[]
  /** Documents of those versions that have to migrate as well, without marker, by version. */
  readonly documents?: ReadonlyMap<number, readonly JsonObject[]>
  /** Random documents for each version, beside those at the edges of its schema. @default 1,000 */
  readonly runs?: number
  /** Equal seeds give equal documents. @default 1 */
  readonly seed?: number
}

/** What is known about the documents of one version on their way to the current one. */
export interface MigrationProof {
  readonly from: number
  readonly to: number
  /**
   * `proven`: decided without trying, within the limits of a block. `tested`: every document that was tried migrated.
   * `counterexample`: one did not, or there is no migration; `change` says so. `unknown`: no document was found to try, or the
   * migration is not part of this config.
   */
  readonly result: 'proven' | 'tested' | 'counterexample' | 'unknown'
  /** Valid documents that were tried. */
  readonly documents: number
  readonly seed: number
  /** `MIGRATION_MISSING`, or `MIGRATION_COUNTEREXAMPLE` with the smallest document that was found as its witness. */
  readonly change?: SchemaChange
}

/**
 * Tries whether documents of older versions still work: each migrates to a valid document of the current version, its rules
 * included, and comes back from a way down unless a note says what gets lost.
 *
 * @throws DefinitionError for a config that takes nothing.
 */
export function checkMigrations(
  config: DriverConfig<unknown>,
  options: CheckMigrationsOptions = {},
): readonly MigrationProof[] {
  const lineage = requireLineage(config, 'check')
  const subject: Subject = { config: config as DriverConfig<JsonObject>, lineage }
  const { versions = [...lineage.versions.keys()].filter((number) => number < lineage.max) } = options
  return versions.flatMap((number) => {
    const version = lineage.versions.get(number)
    return version === undefined || number >= lineage.max ? [] : [checkVersion(subject, version, options)]
  })
}

function checkVersion(subject: Subject, version: ConfigVersion, options: CheckMigrationsOptions): MigrationProof {
  const { lineage } = subject
  const { seed = 1 } = options
  const proof = { from: version.number, to: lineage.max, seed }
  const missing = findMissing(version.number, lineage)
  if (missing !== undefined) {
    if (isDriverOnly(missing, lineage)) return { ...proof, result: 'unknown', documents: 0 }
    const what = `schema_version ${missing} has no migration to ${missing + 1}`
    const change = declareChange('MIGRATION_MISSING', { path: lineage.root, what, before: missing, after: missing + 1 })
    return { ...proof, result: 'counterexample', documents: 0, change }
  }
  const upwards = tryDocuments(subject, version, forward(subject), options)
  const next = lineage.versions.get(version.number + 1)
  // The way back from a version is judged with the step that leads to it.
  const back = next?.down === undefined ? undefined : tryDocuments(subject, next, backward(subject), options)
  const { tried } = upwards
  const change = upwards.change ?? back?.change
  if (change !== undefined) return { ...proof, result: 'counterexample', documents: tried, change }
  if (isProvenMigration(version.number, lineage)) return { ...proof, result: 'proven', documents: tried }
  return { ...proof, result: tried === 0 ? 'unknown' : 'tested', documents: tried }
}

/** The version after which the way to the current one breaks off. */
function findMissing(from: number, { versions, max }: ConfigLineage): number | undefined {
  for (let number = from; number < max; number += 1) if (versions.get(number + 1)?.up === undefined) return number
  return undefined
}

/** True for a step that a bundle leaves to its driver. */
function isDriverOnly(from: number, { driverOnly = [] }: ConfigLineage): boolean {
  return driverOnly.some(({ kind, name }) => kind === 'migration' && name === `${from} to ${from + 1}`)
}

/** A promise about documents, and the words for a document that breaks it. */
interface Promised {
  readonly judge: Judge<JsonObject>
  describe(from: number, problem: string): string
}

function forward(subject: Subject): Promised {
  const { max } = subject.lineage
  return {
    judge: judgeMigration(subject),
    describe: (from, problem) =>
      `a valid document of schema_version ${from} does not become one of ${max}: ${problem.replaceAll('\n', ' ')}`,
  }
}

function backward(subject: Subject): Promised {
  return {
    judge: judgeRoundTrip(subject),
    // What differs are values of the document, which stands beside the sentence.
    describe: (from) =>
      `a document of schema_version ${from} is another after the way down to ${from - 1} and up again, and no note says so`,
  }
}

function tryDocuments(
  subject: Subject,
  version: ConfigVersion,
  { judge, describe }: Promised,
  options: CheckMigrationsOptions,
): { readonly tried: number; readonly change?: SchemaChange } {
  const isCounterexample = (document: JsonValue): document is JsonObject =>
    isJsonObject(document) && isAccepted(subject, version, document) && judge(document, version) !== undefined
  let tried = 0
  for (const document of validDocuments(subject, version, options)) {
    tried += 1
    if (judge(document, version) === undefined) continue
    const smallest = shrinkDocument(document, isCounterexample)
    const witness = isJsonObject(smallest) ? smallest : document
    const { root, max } = subject.lineage
    const what = describe(version.number, judge(witness, version) ?? '')
    const facts = { path: root, what, before: version.number, after: max }
    return { tried, change: { ...declareChange('MIGRATION_COUNTEREXAMPLE', facts), witness } }
  }
  return { tried }
}

function* validDocuments(
  subject: Subject,
  version: ConfigVersion,
  { runs = 1_000, seed = 1, documents = new Map() }: CheckMigrationsOptions,
): Generator<JsonObject> {
  const settings = { runs, seed }
  const given = [...releasedExamples(subject, version.number), ...(documents.get(version.number) ?? [])]
  const special = [...given, ...edgeDocuments(version.node)]
  yield* varyDocuments(subject, version, special, settings).accepted
  yield* generateDocuments(subject, version, settings).accepted
}

function releasedExamples({ config }: Subject, number: number): JsonObject[] {
  const examples = config.schemas().find(({ version }) => version === number)?.examples
  return [examples?.minimal, examples?.full].flatMap((example) => {
    if (example === undefined) return []
    const { [markerKey]: _, ...document } = example
    return [document]
  })
}
