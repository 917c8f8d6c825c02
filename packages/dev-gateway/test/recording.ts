import { readFileSync } from 'node:fs'

/** JSON of a recording; looked into without a schema, as the tools that wrote it do. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
/** A JSON object. */
export type JsonMap = { [key: string]: Json }

/** One step of a recorded scenario: one of its keys says what it does. */
export interface RecordedStep {
  readonly call?: string
  readonly row?: string
  readonly until_row?: string
  readonly workspace?: string
  readonly phase?: string
  readonly gone?: boolean
  readonly reply?: Readonly<Record<string, Json>>
  readonly emit?: JsonMap
  readonly record?: JsonMap
  readonly supervisor?: 'connect' | 'close'
  readonly wait?: number
  readonly request?: JsonMap
  readonly token?: string
  readonly id?: string
  readonly as?: string
  readonly instance?: string
  /** The answer of this call is not recorded, only its status. */
  readonly drop?: boolean
}

/** A recorded scenario and what the real gateway did. */
export interface Recording {
  readonly id: string
  readonly gateway_config: {
    readonly gateway_jwt?: boolean
    readonly allow_unauthenticated_users?: boolean
  }
  readonly driver_script: {
    readonly replies?: Readonly<Record<string, Json>>
    readonly capabilities?: JsonMap
    readonly model?: { readonly create_status?: Json }
  }
  readonly steps: readonly RecordedStep[]
  readonly observed: {
    readonly driver_calls: readonly JsonMap[]
    readonly client_results: readonly JsonMap[]
    readonly rows: readonly JsonMap[]
  }
}

/** Reads the recordings of one area. */
export function readRecordings(area: string): Recording[] {
  const text = readFileSync(new URL(`data/scenarios/${area}.jsonl`, import.meta.url), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Recording)
}

/** Writes out the generators of a recorded request: `{$repeat:[text,n]}`, `{$list:[n,value]}`, `{$entries:[…]}`, `{$nest:n}`. */
export function expand(value: Json): Json {
  if (Array.isArray(value)) return value.map(expand)
  if (typeof value !== 'object' || value === null) return value
  const { $repeat: repeat, $list: list, $entries: entries, $nest: nest } = value
  if (Array.isArray(repeat)) return String(repeat[0]).repeat(Number(repeat[1]))
  if (Array.isArray(list)) return Array.from({ length: Number(list[0]) }, () => expand(list[1] ?? null))
  if (Array.isArray(entries)) return manyEntries(entries)
  if (nest !== undefined) return nestedObjects(Number(nest))
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, expand(entry)]))
}

function manyEntries([count, prefix = 'k', value = 'v']: Json[]): JsonMap {
  const map: JsonMap = {}
  for (let index = 0; index < Number(count); index++) map[`${String(prefix)}${index}`] = value
  return map
}

function nestedObjects(levels: number): JsonMap {
  let innermost: JsonMap = {}
  for (let level = 1; level < levels; level++) innermost = { a: innermost }
  return innermost
}

/** Puts remembered values in the place of `${name}` and `${name.field}`. */
export function substitute(value: Json, variables: Readonly<Record<string, JsonMap>>): Json {
  if (Array.isArray(value)) return value.map((entry) => substitute(entry, variables))
  if (typeof value === 'string') {
    return value.replace(/\$\{([^.}]+)\.([^}]+)\}/g, (_, name: string, field: string) =>
      String(variables[name]?.[field] ?? ''),
    )
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, substitute(entry, variables)]))
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
// What depends on the moment, or on how the recording tool counts, and what the two lines of the contract name differently.
const ignoredKeys = new Set(['resource_version', 'details_bytes', 'details_values'])

/** Brings an observation into the form in which the recordings are written: placeholders, and long things shortened. */
export function normalize(value: Json, key = ''): Json {
  if (typeof value === 'string') return normalizeText(value, key)
  if (Array.isArray(value)) {
    const items = value.map((entry) => normalize(entry))
    return items.length > 140 ? [...items.slice(0, 3), `<${items.length} items>`] : items
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name]) => !ignoredKeys.has(name))
  entries.sort(([left], [right]) => (left < right ? -1 : 1))
  const shown = entries.length > 60 ? entries.slice(0, 40) : entries
  const map: JsonMap = Object.fromEntries(shown.map(([name, entry]) => [name, normalize(entry, name)]))
  if (entries.length > 60) map['<more>'] = entries.length
  return map
}

function normalizeText(text: string, key: string): string {
  if (/_ms$/.test(key) && /^\d{10,}$/.test(text)) return '<time>'
  const replaced = text
    .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>')
    .replace(uuid, '<uuid>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, '<time>')
  return replaced.length > 1500 ? `<${replaced.length} chars: ${replaced.slice(0, 80)}…>` : replaced
}
