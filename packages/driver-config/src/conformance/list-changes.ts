import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import { markerKey, schemaKey } from '../check/marker.js'
import type { PublishedExamples, PublishedSchema } from '../define/driver-config.js'
import type { JsonValue } from '../envelope/json-value.js'
import { formatPath, toPointer } from '../issue/path.js'
import type { SchemaNode } from '../schema/schema-node.js'
import type { ConformanceVector, MadeValue } from './conformance-vector.js'
import { type DocumentSite, listSites } from './list-sites.js'
import { type SiteChange, siteChanges, unknownKey } from './site-changes.js'

const noVersions: readonly JsonValue[] = [2.5, 0, -1, 1e300, 2 ** 53, '2', ' 2', '', true, [], [2], {}, null]

/** A vector without what is expected of it. */
export type ConformanceChange = Omit<ConformanceVector, 'expect'> & {
  /** True when the vector shows what handlers get. */
  readonly showsCurrent?: boolean
}

/** The name of an example among the bases. */
export function baseName(version: number, example: 'minimal' | 'full'): string {
  return `v${version}/${example}`
}

/** Every block that the vectors of a config look at. Each has an id of its own. */
export function listChanges(lineage: ConfigLineage, schemas: readonly PublishedSchema[]): readonly ConformanceChange[] {
  const versions = schemas.flatMap((published) => {
    const version = lineage.versions.get(published.version)
    return version === undefined ? [] : [{ version, examples: published.examples }]
  })
  return [
    { id: 'selected/absent' },
    { id: 'selected/empty', patch: [{ op: 'add', path: '', value: {} }] },
    ...markerChanges(lineage),
    ...versions.flatMap(({ version, examples }) => [
      ...exampleChanges(version.number, examples),
      ...structureChanges(version, examples),
    ]),
    ...limitChanges(lineage),
    ...secretChanges(versions),
  ]
}

function markerChanges({ min, max }: ConfigLineage): ConformanceChange[] {
  const base = baseName(max, 'minimal')
  const marked = (id: string, value: JsonValue): ConformanceChange => ({
    id: `marker/${id}`,
    base,
    patch: [{ op: 'replace', path: `/${markerKey}`, value }],
  })
  const removed = Array.from({ length: min - 1 }, (_, before) => before + 1)
  return [
    ...noVersions.map((value, index) => marked(`invalid/${index}`, value)),
    ...[max + 1, Number.MAX_SAFE_INTEGER].map((value) => marked(`too-new/${value}`, value)),
    ...removed.map((value) => marked(`removed/${value}`, value)),
    // A version that is not known is refused by its marker alone.
    {
      ...marked('too-new/alone', max + 1),
      patch: [
        { op: 'replace', path: `/${markerKey}`, value: max + 1 },
        { op: 'add', path: `/${unknownKey}`, value: 1 },
      ],
    },
    { id: 'marker/missing', base, patch: [{ op: 'remove', path: `/${markerKey}` }] },
    { id: 'marker/misspelled', base, patch: [{ op: 'add', path: '/schemaVersion', value: max }] },
    { id: 'marker/hint', base, patch: [{ op: 'add', path: `/${schemaKey}`, value: 'https://schema.example/v1' }] },
    { id: 'marker/hint-of-other-kind', base, patch: [{ op: 'add', path: `/${schemaKey}`, value: 5 }] },
  ]
}

function exampleChanges(version: number, { invalid }: PublishedExamples): ConformanceChange[] {
  return [
    { id: `examples/v${version}/minimal`, base: baseName(version, 'minimal'), showsCurrent: true },
    { id: `examples/v${version}/full`, base: baseName(version, 'full'), showsCurrent: true },
    ...invalid.map(({ value }, index): ConformanceChange => {
      return { id: `examples/v${version}/invalid/${index}`, patch: [{ op: 'add', path: '', value }] }
    }),
  ]
}

function structureChanges({ number, node }: ConfigVersion, { full, minimal }: PublishedExamples): ConformanceChange[] {
  const seen = new Set<SchemaNode>()
  const known = [
    ...listSites(node, full, seen).map((site) => ({ site, base: baseName(number, 'full') })),
    ...listSites(node, minimal, seen).map((site) => ({ site, base: baseName(number, 'minimal') })),
  ]
  const counts = new Map<string, number>()
  const changes = known.flatMap(({ site, base }) =>
    siteChanges(site).map(({ group, step }): ConformanceChange => {
      const place = `${group}/v${number}${placeOf(site)}`
      const count = (counts.get(place) ?? 0) + 1
      counts.set(place, count)
      return { id: `${place}/${count}`, base, patch: [step] }
    }),
  )
  return [...changes, ...severalProblems(number, known.at(0)?.site, changes)]
}

/** Two problems in one block, for drivers that stop at the first. */
function severalProblems(
  version: number,
  root: DocumentSite | undefined,
  changes: readonly ConformanceChange[],
): ConformanceChange[] {
  const flip = changes.find(({ id }) => id.startsWith('types/'))
  if (root === undefined || flip === undefined) return []
  const unknown: SiteChange['step'] = { op: 'add', path: `/${unknownKey}`, value: 1 }
  return [{ ...flip, id: `errors/v${version}/several`, patch: [...(flip.patch ?? []), unknown] }]
}

function limitChanges({ limits, max }: ConfigLineage): ConformanceChange[] {
  const recipes: Readonly<Record<string, MadeValue['recipe']>> = {
    text: { kind: 'text', of: 'a', times: limits.stringLength + 1 },
    items: { kind: 'list', of: 0, times: limits.items + 1 },
    keys: { kind: 'keys', times: limits.keys + 1 },
    depth: { kind: 'nested', times: limits.depth },
    bytes: { kind: 'list', of: 'a'.repeat(1_000), times: Math.floor(limits.encodedBytes / 1_000) + 1 },
  }
  const made = Object.entries(recipes).map(
    ([name, recipe]): ConformanceChange => ({
      id: `limits/${name}`,
      base: baseName(max, 'minimal'),
      make: { path: `/${unknownKey}`, recipe },
    }),
  )
  const key = 'k'.repeat(limits.keyLength + 1)
  return [
    ...made,
    { id: 'limits/key', base: baseName(max, 'minimal'), patch: [{ op: 'add', path: `/${key}`, value: 1 }] },
  ]
}

/** A text in the form of a secret, in every place that takes texts. The file itself holds it in two parts. */
function secretChanges(
  versions: readonly { readonly version: ConfigVersion; readonly examples: PublishedExamples }[],
): ConformanceChange[] {
  return versions.flatMap(({ version: { number, node }, examples: { full } }) =>
    listSites(node, full, new Set())
      .filter((site) => site.node.kind === 'string')
      .map(
        (site): ConformanceChange => ({
          id: `secrets/v${number}${placeOf(site)}`,
          base: baseName(number, 'full'),
          make: { path: toPointer(site.tokens), recipe: { kind: 'joined', parts: ['AKIA', 'CONFORMANCE0TEXT'] } },
        }),
      ),
  )
}

function placeOf({ tokens }: DocumentSite): string {
  return tokens.length === 0 ? '' : `/${formatPath('', tokens).replace(/^\./, '')}`
}
