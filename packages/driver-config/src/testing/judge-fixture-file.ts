import { markerKey, schemaKey } from '../check/marker.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { formatIssues } from '../issue/format-issues.js'
import type { ConfigFixture } from './find-counterexamples.js'
import { type FixtureFile, type FixtureFolder, type GoldenFile, goldenName, writeGolden } from './fixture-folder.js'
import { listDifferences } from './list-differences.js'
import { type Subject, stampDocument } from './subject.js'

/** The variable that lets a run write golden files that are missing. */
export const writeVariable = 'OPENSHELL_TEST_WRITE'

/** How fixtures are judged. */
export interface FixtureSettings {
  readonly folder: FixtureFolder
  /** True when missing golden files are written. */
  readonly writes: boolean
}

/** What is wrong with a document in a file and with the golden files beside it, one sentence each. */
export function judgeFixtureFile(subject: Subject, fixture: FixtureFile, settings: FixtureSettings): string[] {
  const { config, lineage } = subject
  const { name, version } = fixture
  const document = readJson(fixture.text)
  if (!isJsonObject(document)) return [`${name} is not a JSON object.`]
  if (lineage.tombstones.has(version)) return judgeRemoved(subject, fixture, document)
  if (!lineage.versions.has(version)) return [`${name}: ${lineage.driverName} has no schema_version ${version}.`]
  const result = config.check(document)
  if (!result.ok) return [`${name} is no longer accepted:\n${formatIssues(result.issues)}`]
  if (result.declaredVersion !== version) {
    return [`${name} declares schema_version ${result.declaredVersion}. Write "${markerKey}": ${version} into it.`]
  }
  const differing = fixture.goldens.flatMap((golden) => judgeGolden(subject, document, golden))
  const isComplete = fixture.goldens.some(({ to }) => to === lineage.max)
  return isComplete ? differing : [...differing, ...judgeMissing(subject, fixture, document, settings)]
}

/** A version that is no longer read stays refused; it is never taken for another one. */
function judgeRemoved({ config }: Subject, { name, version }: FixtureFile, document: JsonObject): string[] {
  const result = config.check(stampDocument(document, version))
  const isRefused = !result.ok && result.issues[0].code === 'SCHEMA_VERSION_REMOVED'
  return isRefused ? [] : [`${name}: schema_version ${version} was removed, but its documents are not refused as such.`]
}

function judgeGolden({ config, lineage }: Subject, document: JsonObject, { name, to, text }: GoldenFile): string[] {
  const target = lineage.versions.get(to)
  if (target === undefined) {
    const isPast = lineage.tombstones.has(to)
    return isPast ? [] : [`${name}: ${lineage.driverName} has no schema_version ${to}.`]
  }
  const expected = readJson(text)
  if (expected === undefined) return [`${name} is not JSON.`]
  const result = config.migrate(document, { to })
  if (!result.ok)
    return [`${name}: the document is refused on its way to schema_version ${to}:\n${formatIssues(result.issues)}`]
  const lines = listDifferences(expected, result.value, target.secrets.references)
  if (lines.length === 0) return []
  const advice = 'Correct the migration or the defaults; a golden file is never edited.'
  return [`${name} is not what the document gives now. ${advice}\n${lines.map((line) => `  ${line}`).join('\n')}`]
}

function judgeMissing(
  { config, lineage }: Subject,
  { name }: FixtureFile,
  document: JsonObject,
  { folder, writes }: FixtureSettings,
): string[] {
  const golden = goldenName(name, lineage.max)
  const result = config.migrate(document, { to: lineage.max })
  if (!result.ok) return [`${golden} is missing, and the document is refused:\n${formatIssues(result.issues)}`]
  if (!writes) {
    const advice = `Add it, or run the tests once with ${writeVariable}=1, which writes what the document gives today, and read it.`
    return [`${golden} is missing. ${advice}`]
  }
  writeGolden(folder.path, golden, `${JSON.stringify(result.value, undefined, 2)}\n`)
  return []
}

/** The documents of a folder as starting points of the searches; files that are not valid fail by themselves. */
export function fixtureSamples(folder: FixtureFolder): ConfigFixture[] {
  return folder.fixtures.flatMap(({ version, text }) => {
    const document = readJson(text)
    if (!isJsonObject(document)) return []
    const body = Object.entries(document).filter(([key]) => key !== markerKey && key !== schemaKey)
    return [{ version, document: Object.fromEntries(body) }]
  })
}

function readJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}
