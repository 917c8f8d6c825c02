import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import { answerOf, describeOutcome, refusalOf } from './call-outcome.js'
import { CaseUnsupported, expectThat } from './case-outcome.js'
import { configSites } from './config-site.js'
import { requireOpenGate, verdictOn } from './config-verdict.js'
import type { ConformanceCase } from './conformance-case.js'
import type { ConformanceSession } from './conformance-session.js'
import { requireGoodBlock, stamped } from './good-block.js'
import type { PublishedIndex, PublishedVersion } from './published-index.js'
import { isSchema, sampleValue } from './sample-value.js'
import { schemaAccepts } from './schema-validator.js'

const notVersions: readonly JsonValue[] = [2.5, 0, -0, -1, 1e300, 2 ** 53, '2', ' 2', '', true, [], [2], {}, null]

/** How the driver reads `schema_version`. */
export function markerCases(index: PublishedIndex): readonly ConformanceCase[] {
  const { min, max, baseline } = index.versions
  return [
    markerCase('known', 'each published version is read', {
      section: 'config lineage 2.2, marker',
      rule: 'A block is checked against the version that it declares.',
      change: 'Read every version whose schema is published.',
      async check(session) {
        for (const version of index.schemas) {
          const block = stamped(version, requireGoodBlock(version))
          answerOf(await verdictOn(session, block), `a good block of schema_version ${version.version}`)
        }
      },
    }),
    markerCase('absent-means-baseline', 'a block without a marker means the baseline', {
      section: 'config lineage 2.1, marker',
      rule: `No schema_version means ${baseline} for ever, never the latest: stored templates rely on it. When ${baseline} is no longer read, a block needs a marker.`,
      change: 'Read a block without schema_version as the baseline.',
      check: (session) => checkBaseline(session, index),
    }),
    markerCase('invalid', 'a marker that is no version number is refused', {
      section: 'config lineage 2.3, marker messages',
      rule: 'schema_version is a whole number from 1; texts, fractions and null are refused, not guessed at.',
      change: 'Accept whole numbers from 1 only, and name schema_version in the refusal.',
      check: (session) => expectRefusals(session, notVersions),
    }),
    markerCase('too-new', 'a version that the driver does not know is refused, alone', {
      section: 'config lineage 2.2, marker',
      rule: 'A newer version is refused by its marker alone: this driver cannot judge the rest.',
      change: 'Look at schema_version before anything else, and stop there.',
      async check(session) {
        for (const schema_version of [max + 1, Number.MAX_SAFE_INTEGER]) {
          const outcome = await verdictOn(session, { schema_version, conformance_unknown_key: 1 })
          const { message } = refusalOf(outcome, `schema_version ${schema_version}`, 'INVALID_ARGUMENT')
          const alone = message.includes('schema_version') && !message.includes('conformance_unknown_key')
          expectThat(alone, 'a message about schema_version alone', JSON.stringify(message))
        }
      },
    }),
    markerCase('removed', 'a version that is no longer read is refused', {
      section: 'config lineage 2.3, marker messages',
      rule: 'A removed version is refused with a text that names the versions that are read.',
      change: 'Keep a tombstone of each removed version and refuse it by name.',
      async check(session) {
        if (min <= 1) throw new CaseUnsupported('no version has been removed')
        const removed = Array.from({ length: min - 1 }, (_, before) => before + 1)
        await expectRefusals(session, removed, String(max))
      },
    }),
    markerCase('misspelled', 'a misspelled marker is an unknown key', {
      section: 'config lineage 2.2, marker',
      rule: 'Only the root key schema_version is the marker; schemaVersion is an unknown key.',
      change: 'Treat schemaVersion as any unknown key.',
      async check(session) {
        const outcome = await verdictOn(session, { schemaVersion: max })
        refusalOf(outcome, 'a block with schemaVersion', 'INVALID_ARGUMENT')
      },
    }),
    markerCase('nested', 'a marker inside an object is an unknown key', {
      section: 'config lineage 2.4, marker vectors',
      rule: 'The marker is read at the root alone.',
      change: 'Read and remove schema_version at the root only.',
      check: (session) => checkNested(session, index),
    }),
    markerCase('schema-hint', 'the key $schema is a text or refused', {
      section: 'config lineage 2.1, marker',
      rule: 'Editors write $schema at the root; it is ignored when it is a text.',
      change: 'Drop $schema at the root when it is a text; refuse other kinds.',
      check: (session) => checkSchemaHint(session, index),
    }),
  ].map((one) => ({ ...one, run: (session) => runMarkerCase(session, index, one) }))
}

interface MarkerCase extends Omit<ConformanceCase, 'run'> {
  readonly check: (session: ConformanceSession) => Promise<void>
}

function markerCase(name: string, title: string, rest: Omit<MarkerCase, 'id' | 'title' | 'level'>): MarkerCase {
  return { id: `marker/${name}`, title, level: 'L3', ...rest }
}

async function runMarkerCase(session: ConformanceSession, { schemas }: PublishedIndex, { check }: MarkerCase) {
  const marked = schemas.every(({ schema }) => JSON.stringify(schema).includes('"schema_version"'))
  if (!marked) throw new CaseUnsupported('the published schemas have no schema_version')
  await requireOpenGate(session)
  await check(session)
}

async function expectRefusals(
  session: ConformanceSession,
  markers: readonly JsonValue[],
  named = 'schema_version',
): Promise<void> {
  for (const schema_version of markers) {
    const outcome = await verdictOn(session, { schema_version })
    const what = `schema_version ${JSON.stringify(schema_version)}`
    const { message } = refusalOf(outcome, what, 'INVALID_ARGUMENT')
    const complete = message.includes('schema_version') && message.includes(named)
    expectThat(complete, `a message that names ${named}`, JSON.stringify(message))
  }
}

// A document that one version accepts and the other refuses shows which one is meant.
async function checkBaseline(session: ConformanceSession, { schemas, versions }: PublishedIndex): Promise<void> {
  const baseline = schemas.find(({ version }) => version === versions.baseline)
  if (baseline === undefined) return checkMarkerRequired(session, schemas)
  const telling = schemas.flatMap((version) => documentsOf(version).map((document) => unmarked(document)))
  let told = 0
  for (const document of telling) {
    const accepted = schemaAccepts(baseline.schema, document)
    if (
      schemas.every(
        ({ schema, version }) => schemaAccepts(schema, { ...document, schema_version: version }) === accepted,
      )
    )
      continue
    told += 1
    const outcome = await verdictOn(session, document)
    const expected = `a block of ${keysOf(document)} without schema_version to be ${accepted ? 'accepted' : 'refused'}, as in version ${versions.baseline}`
    expectThat(outcome.ok === accepted, expected, describeOutcome(outcome))
  }
  if (told === 0) throw new CaseUnsupported('no document tells the baseline from the other versions')
}

// Without its baseline a driver cannot know what an unmarked block means; one without content means nothing that could be misread.
async function checkMarkerRequired(session: ConformanceSession, schemas: readonly PublishedVersion[]): Promise<void> {
  const current = schemas.at(-1)
  if (current === undefined) return
  const outcome = await verdictOn(session, { ...requireGoodBlock(current), conformance_unknown_key: 1 })
  const { message } = refusalOf(outcome, 'a block without schema_version', 'INVALID_ARGUMENT')
  expectThat(message.includes('schema_version'), 'a message that asks for schema_version', JSON.stringify(message))
  const empty = await verdictOn(session, {})
  const accepted = schemaAccepts(current.schema, { schema_version: current.version })
  const expected = `an empty block to be ${accepted ? 'accepted' : 'refused'}, as in version ${current.version}`
  expectThat(empty.ok === accepted, expected, describeOutcome(empty))
}

async function checkNested(session: ConformanceSession, { schemas }: PublishedIndex): Promise<void> {
  let checked = 0
  for (const version of schemas) {
    for (const site of configSites(version)) {
      const value = sampleValue(site.schema)
      if (site.path === '' || !isSchema(value)) continue
      const inside = { ...value, schema_version: version.version }
      checked += 1
      const outcome = await verdictOn(session, site.place(inside))
      // In an open object it is a key like any other.
      if (schemaAccepts(site.schema, inside)) answerOf(outcome, `schema_version in the open object ${site.path}`)
      else refusalOf(outcome, `schema_version in ${site.path}`, 'INVALID_ARGUMENT')
    }
  }
  if (checked === 0) throw new CaseUnsupported('the config has no object inside')
}

async function checkSchemaHint(session: ConformanceSession, { schemas }: PublishedIndex): Promise<void> {
  for (const version of schemas) {
    const block = stamped(version, requireGoodBlock(version))
    for (const hint of ['https://example.com/schema.json', 5]) {
      const document = { ...block, $schema: hint }
      const accepted = schemaAccepts(version.schema, document)
      const outcome = await verdictOn(session, document)
      const expected = `a $schema of the kind ${typeof hint} to be ${accepted ? 'accepted' : 'refused'}`
      expectThat(outcome.ok === accepted, expected, describeOutcome(outcome))
    }
  }
}

function documentsOf(version: PublishedVersion): JsonObject[] {
  return configSites(version).map((site) => site.place(sampleValue(site.schema)))
}

function unmarked({ schema_version: _, ...document }: JsonObject): JsonObject {
  return document
}

function keysOf(document: JsonObject): string {
  return Object.keys(document).join(', ') || 'no fields'
}
