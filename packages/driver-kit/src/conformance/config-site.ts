import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import type { PublishedVersion } from './published-index.js'
import { isSchema, sampleKeys, sampleValue, schemaList } from './sample-value.js'

const deepest = 12
const mostSites = 2_000

/** Keys that belong to the config as a whole; the marker group looks at them. */
const reservedKeys = new Set(['schema_version', '$schema'])

/** One place of a config: a field, an item of a list, or the value of a map. */
export interface ConfigSite {
  /** `limits.open_files`, `mounts[].source`; `''` for the root. A branch of a union is written in brackets. */
  readonly path: string
  /** What a message must contain to name the place: its last key. */
  readonly key: string
  readonly schema: JsonObject
  /** Whether the object around it requires it. */
  readonly required: boolean
  /** A document that is good apart from the value here; `undefined` leaves the field out. */
  place(value: JsonValue | undefined): JsonObject
}

/** All places of a version that a good document could be made for, the root first. */
export function configSites({ schema }: Omit<PublishedVersion, 'examples'>): readonly ConfigSite[] {
  const root: ConfigSite = {
    path: '',
    key: '',
    schema,
    required: true,
    place: (value) => (isSchema(value) ? value : {}),
  }
  const sites: ConfigSite[] = []
  for (const site of walk(root, 0)) {
    sites.push(site)
    if (sites.length >= mostSites) break
  }
  return sites
}

function* walk(site: ConfigSite, depth: number): Generator<ConfigSite> {
  yield site
  if (depth < deepest) yield* inside(site, depth)
}

function* inside(site: ConfigSite, depth: number): Generator<ConfigSite> {
  const { schema } = site
  for (const [index, branch] of [...schemaList(schema['anyOf']), ...schemaList(schema['oneOf'])].entries()) {
    yield* inside({ ...site, path: `${site.path}(${tagOf(branch) ?? index})`, schema: branch }, depth + 1)
  }
  yield* members(site, depth)
  yield* items(site, depth)
}

function* members(site: ConfigSite, depth: number): Generator<ConfigSite> {
  const { properties, required, additionalProperties, propertyNames } = site.schema
  const around = sampleValue(site.schema)
  if (!isSchema(around)) return
  const names = Array.isArray(required) ? required : []
  for (const [key, schema] of Object.entries(isSchema(properties) ? properties : {})) {
    if (!isSchema(schema) || (site.path === '' && reservedKeys.has(key))) continue
    yield* walk(memberSite(site, around, { key, schema, required: names.includes(key) }), depth + 1)
  }
  const [key] = sampleKeys(propertyNames)
  if (!isSchema(additionalProperties) || key === undefined) return
  const inMap = memberSite(site, around, { key, schema: additionalProperties, required: false })
  yield* walk({ ...inMap, path: `${site.path}.*` }, depth + 1)
}

function memberSite(
  site: ConfigSite,
  around: JsonObject,
  { key, schema, required }: { key: string; schema: JsonObject; required: boolean },
): ConfigSite {
  return {
    path: site.path === '' ? key : `${site.path}.${key}`,
    key,
    schema,
    required,
    place(value) {
      const { [key]: _, ...others } = around
      return site.place(value === undefined ? others : { ...others, [key]: value })
    },
  }
}

function* items(site: ConfigSite, depth: number): Generator<ConfigSite> {
  const { items: schema, prefixItems } = site.schema
  const around = sampleValue(site.schema)
  if (!Array.isArray(around)) return
  const fixed = schemaList(prefixItems)
  const all = isSchema(schema) ? [...fixed, schema] : fixed
  for (const [index, item] of all.entries()) {
    const path = `${site.path}[${index < fixed.length ? index : ''}]`
    const place = (value: JsonValue | undefined) =>
      site.place(
        value === undefined
          ? around
          : around.length > index
            ? around.map((old, at) => (at === index ? value : old))
            : [...around, value],
      )
    yield* walk({ path, key: site.key, schema: item, required: false, place }, depth + 1)
  }
}

// The constant text that tells a branch from the others.
function tagOf({ properties }: JsonObject): string | undefined {
  if (!isSchema(properties)) return undefined
  return Object.values(properties)
    .map((member) => (isSchema(member) ? member['const'] : undefined))
    .find((value) => typeof value === 'string')
}
