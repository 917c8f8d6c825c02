import type { ConfigVersion } from '../check/lineage.js'
import type { DriverConfig } from '../define/driver-config.js'
import { lineageOf } from '../define/lineage-of.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { formatIssues } from '../issue/format-issues.js'
import type { ConfigProperty } from './config-property.js'
import {
  type ConfigCounterexample,
  defaultRuns,
  defaultSeed,
  type SearchSettings,
  writeReproduction,
} from './counterexample.js'
import { judgeBundle } from './judge-bundle.js'
import { judgeDefaults, judgeInput, judgeVerdict } from './judge-check.js'
import { judgeCurrent, judgeMigration, judgeRoundTrip, judgeSteps } from './judge-migration.js'
import { judgePublished } from './judge-published.js'
import { judgeBudget, judgeIssues, judgeSecrecy } from './judge-report.js'
import type { SchemaCompiler } from './schema-compiler.js'
import { generateDocuments, isAccepted, type SearchDocuments, varyDocuments } from './search-documents.js'
import { shrinkDocument } from './shrink-document.js'
import { findDifference, type Judge, type Subject, stampDocument } from './subject.js'

/** A document of a released version and what it means today. Fixtures are added, never edited. */
export interface ConfigFixture {
  /** The version that the document is written in. */
  readonly version: number
  /** The document, without its marker. */
  readonly document: JsonObject
  /** The current version's value; absent when it is not compared. */
  readonly gives?: JsonObject
}

/** Options of `findCounterexamples`. */
export interface FindCounterexamplesOptions {
  /** Documents to make for each version and each kind of search. @default 200 */
  readonly runs?: number
  /** Equal seeds give equal documents. @default 1 */
  readonly seed?: number
  /** Documents of released versions; they are also starting points of the search. */
  readonly fixtures?: readonly ConfigFixture[]
  /** Searches for this promise only. @default all */
  readonly property?: ConfigProperty
  /** Searches in documents of this version only. @default all supported ones */
  readonly version?: number
  /** Stops after so many counterexamples, from 1. @default all */
  readonly limit?: number
  /** Documents of `version`, without marker, to search in instead of made ones. */
  readonly documents?: readonly JsonValue[]
  /**
   * Compiles the published schemas, to compare their verdict with the driver's: `Compile` of `typebox/schema`, for example.
   * Without it that promise is not searched.
   */
  readonly compileSchema?: SchemaCompiler
}

/** One promise, and the kind of document that is searched for it. */
interface Search {
  readonly property: ConfigProperty
  readonly kind: keyof SearchDocuments
  readonly judge: Judge
}

/**
 * Searches for documents that break what a config promises: generated ones of every version, bounds and defaults among them,
 * mistaken and hostile ones, and the fixtures. At most one counterexample for each promise and version, shrunk.
 *
 * @throws RangeError for a `version` that the config does not support.
 */
export function findCounterexamples(
  config: DriverConfig<unknown>,
  options: FindCounterexamplesOptions = {},
): readonly ConfigCounterexample[] {
  const { limit = Number.POSITIVE_INFINITY } = options
  const found: ConfigCounterexample[] = []
  for (const counterexample of search(config, options)) {
    found.push(counterexample)
    if (found.length >= limit) break
  }
  return found
}

/** The quick searches come first. */
function* search(config: DriverConfig<unknown>, options: FindCounterexamplesOptions): Generator<ConfigCounterexample> {
  const lineage = lineageOf(config)
  if (lineage === undefined) return
  const subject: Subject = { config: config as DriverConfig<JsonObject>, lineage }
  const isWanted = (property: ConfigProperty): boolean => [property, undefined].includes(options.property)
  const versions = selectVersions(subject, options.version).map((version) => versionSearch(subject, version, options))
  const fixtures: ConfigProperty = 'a fixture still gives what it gave'
  if (isWanted(fixtures)) yield* judgeFixtures(subject, options)
  const emptiness: ConfigProperty = 'every version has documents to search in'
  if (isWanted(emptiness)) for (const version of versions) yield* missingDocuments(version)
  for (const promise of allSearches(subject, options.compileSchema)) {
    if (isWanted(promise.property)) for (const version of versions) yield* searchVersion(subject, version, promise)
  }
}

function selectVersions({ lineage }: Subject, number: number | undefined): ConfigVersion[] {
  if (number === undefined) return [...lineage.versions.values()]
  const version = lineage.versions.get(number)
  if (version !== undefined) return [version]
  throw new RangeError(`version: ${lineage.driverName} supports ${lineage.min} to ${lineage.max}. Name one of them.`)
}

function allSearches(subject: Subject, compileSchema: SchemaCompiler | undefined): Search[] {
  const onAccepted = (property: ConfigProperty, judge: Judge<JsonObject>): Search => ({
    property,
    kind: 'accepted',
    judge: (document, version) => (isJsonObject(document) ? judge(document, version) : undefined),
  })
  const onAny = (property: ConfigProperty, judge: Judge): Search => ({ property, kind: 'any', judge })
  return [
    onAccepted('every migration gives what the next version accepts', judgeMigration(subject)),
    onAccepted('a migration in steps gives what it gives at once', judgeSteps(subject)),
    onAccepted('a complete value of the current version stays as it is', judgeCurrent(subject)),
    onAccepted('defaults are filled in once and change nothing else', judgeDefaults(subject)),
    onAccepted('a way down and up again changes nothing without a note', judgeRoundTrip(subject)),
    onAccepted('a check leaves the document alone', judgeInput(subject)),
    { property: 'no output repeats a value of the document', kind: 'planted', judge: judgeSecrecy(subject) },
    onAny('every issue says where, what and how to change it', judgeIssues(subject)),
    onAny('a report fits into its budget', judgeBudget(subject)),
    onAny('any JSON gets a verdict', judgeVerdict(subject)),
    onAny('a loaded bundle gives the verdict of the driver', judgeBundle(subject)),
    ...(compileSchema === undefined
      ? []
      : [onAny('the published schema accepts what the driver accepts', judgePublished(subject, compileSchema))]),
  ]
}

/** One version and what is searched in it. */
interface VersionSearch {
  readonly version: ConfigVersion
  readonly settings: SearchSettings
  readonly sources: readonly { readonly documents: SearchDocuments; readonly isGenerated: boolean }[]
}

function versionSearch(subject: Subject, version: ConfigVersion, options: FindCounterexamplesOptions): VersionSearch {
  const settings = settingsOf(options)
  const { documents: given, fixtures = [] } = options
  if (given !== undefined) {
    const documents = { accepted: given.filter(isJsonObject), any: given, planted: given }
    return { version, settings, sources: [{ documents, isGenerated: false }] }
  }
  const samples = fixtures.filter((fixture) => fixture.version === version.number).map(({ document }) => document)
  const generated = generateDocuments(subject, version, settings)
  const varied = varyDocuments(subject, version, samples, settings)
  const sources = [
    { documents: generated, isGenerated: true },
    { documents: varied, isGenerated: false },
  ]
  return { version, settings, sources }
}

function searchVersion(
  subject: Subject,
  { version, settings, sources }: VersionSearch,
  { property, kind, judge }: Search,
): ConfigCounterexample[] {
  const isOfKind = (document: JsonValue): boolean =>
    kind !== 'accepted' || (isJsonObject(document) && isAccepted(subject, version, document))
  for (const { documents, isGenerated } of sources) {
    const broken = firstOf(documents[kind], (document) => judge(document, version) !== undefined)
    if (broken === undefined) continue
    const document = shrinkDocument(broken, (smaller) => isOfKind(smaller) && judge(smaller, version) !== undefined)
    const place = { property, version: version.number, document }
    return [describeFound(place, judge(document, version) ?? '', settings, isGenerated)]
  }
  return []
}

function firstOf<Item>(items: Iterable<Item>, isWanted: (item: Item) => boolean): Item | undefined {
  for (const item of items) if (isWanted(item)) return item
  return undefined
}

/** A search without documents proves nothing, so that it is a failure of its own. */
function missingDocuments({ version, settings, sources }: VersionSearch): ConfigCounterexample[] {
  if (sources.some(({ documents }) => firstOf(documents.accepted, () => true) !== undefined)) return []
  const place = { property: 'every version has documents to search in', version: version.number, document: {} } as const
  const problem = `none of ${settings.runs} generated documents is valid. Give fixtures of this version.`
  return [describeFound(place, problem, settings, true)]
}

function judgeFixtures(subject: Subject, options: FindCounterexamplesOptions): ConfigCounterexample[] {
  const property: ConfigProperty = 'a fixture still gives what it gave'
  const { fixtures = [], version: only } = options
  return fixtures
    .filter(({ version }) => only === undefined || version === only)
    .flatMap(({ version, document, gives }) => {
      if (gives === undefined) return []
      const result = subject.config.safeParse(stampDocument(document, version))
      const problem = result.ok ? findDifference(gives, result.value) : formatIssues(result.issues)
      if (problem === undefined) return []
      return [describeFound({ property, version, document }, problem, settingsOf(options), true)]
    })
}

function describeFound(
  place: Pick<ConfigCounterexample, 'property' | 'version' | 'document'>,
  problem: string,
  settings: SearchSettings,
  isGenerated: boolean,
): ConfigCounterexample {
  return { ...place, problem, seed: settings.seed, reproduction: writeReproduction(place, settings, isGenerated) }
}

function settingsOf({
  runs = defaultRuns,
  seed = defaultSeed,
  compileSchema,
}: FindCounterexamplesOptions): SearchSettings {
  return { runs, seed, compileSchema }
}
