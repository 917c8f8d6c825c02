import type { JsonValue } from '@openshell-ts/driver-config/envelope'
import { CaseSkip } from './case-outcome.js'
import { type ConfigSite, configSites } from './config-site.js'
import { compareVerdicts, expectAgreement, requireOpenGate } from './config-verdict.js'
import type { ConformanceCase } from './conformance-case.js'
import type { ConformanceSession } from './conformance-session.js'
import type { PublishedVersion } from './published-index.js'
import { isSchema, sampleValue } from './sample-value.js'
import { schemaAccepts } from './schema-validator.js'
import { boundProbes, enumProbes, kindProbes } from './site-probes.js'

const unknownKey = 'conformance_unknown_key'

interface Group {
  readonly name: string
  readonly title: (place: string) => string
  readonly rule: string
  readonly change: string
  /** The values to put in the place; none when the group does not look at it. `undefined` leaves the field out. */
  readonly probes: (site: ConfigSite) => readonly (JsonValue | undefined)[]
  /** What a message must contain; the place's key when absent. */
  readonly key?: string
}

const groups: readonly Group[] = [
  {
    name: 'unknown',
    title: (place) => `an unknown key in ${place} is refused`,
    rule: 'Objects are closed: an unknown key is an error that names it, at every level.',
    change: 'Refuse keys that the schema has not, in nested objects and list items too.',
    probes: withUnknownKey,
    key: unknownKey,
  },
  {
    name: 'types',
    title: (place) => `${place} takes values of its own kind only`,
    rule: 'A wrong kind is refused, never converted or replaced by a default.',
    change: 'Check the kind of each value before using it.',
    probes: (site) => (site.path === '' ? [] : refusedBy(site, kindProbes())),
  },
  {
    name: 'null',
    title: (place) => `null in ${place} is refused`,
    rule: 'null is a value like any other: refused where the schema has none, never read as absent.',
    change: 'Refuse null like any other wrong kind.',
    probes: (site) => (site.path === '' ? [] : refusedBy(site, [null])),
  },
  {
    name: 'bounds',
    title: (place) => `${place} keeps its bounds`,
    rule: 'A bound is accepted, one step beyond it is refused; numbers are never cut or rounded.',
    change: 'Check the bounds of the schema, and compare numbers without converting them.',
    probes: boundProbes,
  },
  {
    name: 'enum',
    title: (place) => `${place} takes the listed values only`,
    rule: 'Every published value is accepted, any other is refused.',
    change: 'Compare with the list of the schema.',
    probes: enumProbes,
  },
  {
    name: 'required',
    title: (place) => `${place} is required`,
    rule: 'A missing required field is an error that names the field.',
    change: 'Refuse a block without the field, and name it.',
    probes: (site) => (site.required && site.path !== '' ? [undefined] : []),
  },
]

/** One case for each group and place of each published version. */
export function structureCases(versions: readonly PublishedVersion[]): readonly ConformanceCase[] {
  return versions.flatMap((version) => {
    const sites = configSites(version)
    return groups.flatMap((group) => sites.flatMap((site) => toCase(group, version, site)))
  })
}

/** Every document that the groups look at, for the agreement as a whole. */
export function probeDocuments(version: PublishedVersion) {
  return configSites(version).flatMap((site) =>
    [goodValue(site), ...groups.flatMap(({ probes }) => probes(site))].map((value) => ({
      place: placeName(site),
      document: site.place(value),
    })),
  )
}

function toCase(group: Group, version: PublishedVersion, site: ConfigSite): ConformanceCase[] {
  const probes = group.probes(site)
  if (probes.length === 0) return []
  const place = placeName(site)
  return [
    {
      id: `${group.name}/v${version.version}/${site.path === '' ? 'root' : site.path}`,
      title: group.title(place),
      section: `config lineage 13, ${group.name}`,
      rule: group.rule,
      change: group.change,
      level: 'L1',
      run: (session) => runProbes(session, group, { version, site, probes }),
    },
  ]
}

async function runProbes(
  session: ConformanceSession,
  { name, key }: Group,
  {
    version,
    site,
    probes,
  }: { version: PublishedVersion; site: ConfigSite; probes: readonly (JsonValue | undefined)[] },
): Promise<void> {
  await requireOpenGate(session)
  await requireGoodDocument(session, version, site)
  for (const probe of probes) {
    const what = `${placeName(site)} ${describeProbe(name, probe)} (schema_version ${version.version})`
    await expectAgreement(session, version, { document: site.place(probe), what, key: key ?? site.key })
  }
}

// A refusal says something about the place only when the same document is accepted with a good value there.
async function requireGoodDocument(
  session: ConformanceSession,
  version: PublishedVersion,
  site: ConfigSite,
): Promise<void> {
  const value = goodValue(site)
  const document = site.place(value)
  if (value === undefined || !schemaAccepts(version.schema, document)) {
    throw new CaseSkip('no good value could be made from the schema; publish an example or a default')
  }
  const { agreement } = await compareVerdicts(session, version, document)
  if (agreement === 'beyond-schema') throw new CaseSkip('a rule of the driver refuses the field by itself')
}

function goodValue(site: ConfigSite): JsonValue | undefined {
  return sampleValue(site.schema)
}

function withUnknownKey(site: ConfigSite): JsonValue[] {
  const value = sampleValue(site.schema)
  if (!isSchema(value)) return []
  return refusedBy(site, [{ ...value, [unknownKey]: 1 }])
}

function refusedBy({ schema }: ConfigSite, values: readonly JsonValue[]): JsonValue[] {
  return values.filter((value) => !schemaAccepts(schema, value))
}

function placeName({ path }: ConfigSite): string {
  return path === '' ? 'the root' : path
}

function describeProbe(group: string, probe: JsonValue | undefined): string {
  if (probe === undefined) return 'left out'
  if (group === 'unknown') return `with the key ${unknownKey}`
  const text = JSON.stringify(probe)
  return text.length > 60
    ? `with ${typeof probe === 'string' ? `${probe.length} characters` : 'a long value'}`
    : `= ${text}`
}
