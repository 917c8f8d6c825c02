import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import { markerKey } from '../check/marker.js'
import type { DriverConfig } from '../define/driver-config.js'
import { lineageOf } from '../define/lineage-of.js'
import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import { formatIssues } from '../issue/format-issues.js'
import { canonicalJson } from '../schema/canonical-json.js'
import { generateValue } from './generate-value.js'
import { seededRandom } from './seeded-random.js'
import { shrinkDocument } from './shrink-document.js'

/** What a config promises about every document of every version. */
export type ConfigProperty =
  | 'every migration gives what the next version accepts'
  | 'a migration in steps gives what it gives at once'
  | 'a complete value of the current version stays as it is'
  | 'a way down and up again changes nothing without a note'
  | 'a check leaves the document alone'
  | 'a fixture still gives what it gave'

/** A document that breaks a promise, as small as it could be made. */
export interface ConfigCounterexample {
  readonly property: ConfigProperty
  /** The version that the document is written in. */
  readonly version: number
  /** The document, without its marker. */
  readonly document: JsonObject
  /** What happens. */
  readonly problem: string
  /** A line that shows it again. */
  readonly reproduction: string
}

/** A document of a released version and what it means today. Fixtures are added, never edited. */
export interface ConfigFixture {
  /** The version that the document is written in. */
  readonly version: number
  /** The document, without its marker. */
  readonly document: JsonObject
  /** The current version's value. */
  readonly gives: JsonObject
}

/** Options of `findCounterexamples`. */
export interface FindCounterexamplesOptions {
  /** Documents for each version. @default 200 */
  readonly runs?: number
  /** Equal seeds give equal documents. @default 1 */
  readonly seed?: number
  /** Documents of released versions. */
  readonly fixtures?: readonly ConfigFixture[]
}

/** Judges one document of one version; a sentence when the promise is broken. */
type Judge = (document: JsonObject, version: ConfigVersion) => string | undefined

/**
 * Searches for documents that break what a config promises: generated ones of every version, bounds and defaults among them,
 * and the fixtures. At most one counterexample for each promise and version, shrunk.
 */
export function findCounterexamples(
  declared: DriverConfig<unknown>,
  { runs = 200, seed = 1, fixtures = [] }: FindCounterexamplesOptions = {},
): readonly ConfigCounterexample[] {
  // What a config gives is plain JSON, whatever type its schemas give it.
  const config = declared as DriverConfig<JsonObject>
  const lineage = lineageOf(config)
  if (lineage === undefined) return []
  const found: ConfigCounterexample[] = []
  for (const version of lineage.versions.values()) {
    const documents = acceptedDocuments(config, version, runs, seed)
    for (const [property, judge] of judges(config, lineage)) {
      const broken = documents.find((document) => judge(document, version) !== undefined)
      if (broken === undefined) continue
      const document = shrinkDocument(
        broken,
        (smaller) => isAccepted(config, version, smaller) && judge(smaller, version) !== undefined,
      )
      found.push(describe(property, version.number, document, judge(document, version) ?? ''))
    }
  }
  return [...found, ...fixtures.flatMap((fixture) => judgeFixture(config, fixture))]
}

function acceptedDocuments(
  config: DriverConfig<JsonObject>,
  version: ConfigVersion,
  runs: number,
  seed: number,
): JsonObject[] {
  const random = seededRandom(seed)
  const documents = Array.from({ length: runs }, () => generateValue(random, version.node) as JsonObject)
  return documents.filter((document) => isAccepted(config, version, document))
}

function isAccepted(config: DriverConfig<JsonObject>, version: ConfigVersion, document: JsonObject): boolean {
  return config.check(stamp(document, version.number)).ok
}

function judges(config: DriverConfig<JsonObject>, lineage: ConfigLineage): [ConfigProperty, Judge][] {
  return [
    [
      'every migration gives what the next version accepts',
      (document, version) => judgeMigration(config, document, version),
    ],
    [
      'a migration in steps gives what it gives at once',
      (document, version) => judgeSteps(config, lineage, document, version),
    ],
    [
      'a complete value of the current version stays as it is',
      (document, version) => judgeCurrent(config, document, version),
    ],
    [
      'a way down and up again changes nothing without a note',
      (document, version) => judgeRoundTrip(config, document, version),
    ],
    ['a check leaves the document alone', (document, version) => judgeInput(config, document, version)],
  ]
}

function judgeMigration(
  config: DriverConfig<JsonObject>,
  document: JsonObject,
  version: ConfigVersion,
): string | undefined {
  const result = config.safeParse(stamp(document, version.number))
  return result.ok ? undefined : formatIssues(result.issues)
}

function judgeSteps(
  config: DriverConfig<JsonObject>,
  lineage: ConfigLineage,
  document: JsonObject,
  version: ConfigVersion,
): string | undefined {
  if (version.number >= lineage.max) return undefined
  const next = config.migrate(stamp(document, version.number), { to: version.number + 1 })
  const atOnce = config.safeParse(stamp(document, version.number))
  const inSteps = next.ok ? config.safeParse(next.value) : next
  if (!atOnce.ok || !inSteps.ok) return undefined
  return differ(atOnce.value, inSteps.value)
}

function judgeCurrent(
  config: DriverConfig<JsonObject>,
  document: JsonObject,
  version: ConfigVersion,
): string | undefined {
  const once = config.safeParse(stamp(document, version.number))
  if (!once.ok) return undefined
  const again = config.safeParse(stamp(once.value, config.versions.max))
  return again.ok ? differ(once.value, again.value) : formatIssues(again.issues)
}

function judgeRoundTrip(
  config: DriverConfig<JsonObject>,
  document: JsonObject,
  version: ConfigVersion,
): string | undefined {
  if (version.down === undefined) return undefined
  const start = config.migrate(stamp(document, version.number), { to: version.number })
  const down = config.migrate(stamp(document, version.number), { to: version.number - 1 })
  if (!start.ok) return undefined
  if (!down.ok) return formatIssues(down.issues)
  if (down.warnings.some((warning) => warning.code === 'MIGRATION_LOSSY')) return undefined
  const back = config.migrate(down.value, { to: version.number })
  return back.ok ? differ(start.value, back.value) : formatIssues(back.issues)
}

function judgeInput(
  config: DriverConfig<JsonObject>,
  document: JsonObject,
  version: ConfigVersion,
): string | undefined {
  const block = stamp(document, version.number)
  const before = canonicalJson(block)
  config.safeParse(block)
  return canonicalJson(block) === before ? undefined : 'the document was changed'
}

function judgeFixture(
  config: DriverConfig<JsonObject>,
  { version, document, gives }: ConfigFixture,
): ConfigCounterexample[] {
  const result = config.safeParse(stamp(document, version))
  const problem = result.ok ? differ(gives, result.value) : formatIssues(result.issues)
  return problem === undefined ? [] : [describe('a fixture still gives what it gave', version, document, problem)]
}

// Documents here are generated or the author's own fixtures, so that their values may be shown.
function differ(expected: JsonValue, found: JsonValue): string | undefined {
  const [left, right] = [canonicalJson(expected), canonicalJson(found)]
  return left === right ? undefined : `expected ${left}, got ${right}`
}

function stamp(document: JsonObject, version: number): JsonObject {
  return { [markerKey]: version, ...document }
}

function describe(
  property: ConfigProperty,
  version: number,
  document: JsonObject,
  problem: string,
): ConfigCounterexample {
  const reproduction = `config.safeParse(${JSON.stringify(stamp(document, version))})`
  return { property, version, document, problem, reproduction }
}
