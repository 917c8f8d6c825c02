import type { JsonValue } from '../envelope/json-value.js'
import { canonicalJson } from '../schema/canonical-json.js'
import { membersAt } from './members-at.js'
import { type ConfigRule, type FieldConstant, rule } from './rules.js'
import type { SandboxRequest } from './sandbox-request.js'

/** Options of `unique`. */
export interface UniqueOptions {
  /** Makes two texts equal that mean the same, for example without a trailing slash. @default the text as it is */
  readonly normalise?: (text: string) => string
}

/** No two items of a list have the same value in a field: `unique('mounts[]', 'target')`. */
export function unique(
  list: string,
  key: string,
  { normalise = (text) => text }: UniqueOptions = {},
): ConfigRule<unknown> {
  const reads = [`${list}.${key}`]
  const description = `each ${key} in ${list} is used once`
  return rule(`unique-${nameOf(reads[0] ?? '')}`, { reads, description }, ({ value, fail }) => {
    const seen = new Map<string, string>()
    for (const member of membersAt(value as JsonValue, reads[0] ?? '')) {
      const { value: text, tokens } = member
      // As JSON, so that the text "1" is another value than the number 1.
      const same = canonicalJson(typeof text === 'string' ? normalise(text) : text)
      const index = String(tokens[tokens.length - 2] ?? '')
      const first = seen.get(same)
      if (first === undefined) seen.set(same, index)
      else
        fail(tokens, 'ITEMS_NOT_UNIQUE', {
          problem: `repeats the ${key} of item ${first}`,
          fix: `Use each ${key} once.`,
        })
    }
  })
}

/** Every value at one place is declared at another: `refers('mounts[].volume', 'volumes[].name')`. */
export function refers(from: string, to: string): ConfigRule<unknown> {
  const description = `each ${from} is one of ${to}`
  return rule(`refers-${nameOf(from)}`, { reads: [from, to], description }, ({ value, fail }) => {
    const declared = new Set(membersAt(value as JsonValue, to).map((member) => member.value))
    for (const member of membersAt(value as JsonValue, from)) {
      if (declared.has(member.value)) continue
      const fix = `Add an entry with this name to ${to}, or correct the name.`
      fail(member.tokens, 'REFERENCE_UNKNOWN', { problem: `names nothing that ${to} declares`, fix })
    }
  })
}

/**
 * Two fields are not used together. Both may be absent, and they may lie at different levels. In lists the fields of one item
 * count: `exclusive('a[].x', 'a[].y')`.
 */
export function exclusive(first: string, second: string): ConfigRule<unknown> {
  const description = `${first} and ${second} exclude each other`
  const judged = pairRule('exclusive', first, second, description, (hasFirst, fail) => {
    if (!hasFirst) return
    const name = lieBeside(first, second) ? lastName(first) : first
    fail('FIELDS_CONFLICT', {
      problem: `cannot be used together with "${name}"`,
      fix: `Remove this field or "${name}".`,
    })
  })
  return lieBeside(first, second) ? { ...judged, portable: { kind: 'exclusive', first, second } } : judged
}

/** A field is used only together with another one: `requires('subpath', 'volume')`. */
export function requires(field: string, other: string): ConfigRule<unknown> {
  const isBeside = lieBeside(field, other)
  const judged = pairRule('requires', other, field, `${field} needs ${other}`, (hasOther, fail) => {
    if (hasOther) return
    const name = isBeside ? lastName(other) : other
    const where = isBeside ? ' beside it' : ''
    fail('FIELD_NEEDS_OTHER', { problem: `needs "${name}"${where}`, fix: `Add "${name}", or remove this field.` })
  })
  return isBeside ? { ...judged, portable: { kind: 'requires', first: field, second: other } } : judged
}

/** A field and the value that it has. */
export interface FieldIs {
  /** Path template: `mounts[].type`. */
  readonly field: string
  readonly is: FieldConstant
}

/**
 * One value of a field needs one value of another: `implies({ field: 'mode', is: 'fast' }, { field: 'cache', is: true })`. The other
 * is written out: a default does not count, as a later default may be another.
 */
export function implies(when: FieldIs, then: FieldIs): ConfigRule<unknown> {
  const [first, second] = [when.field, then.field]
  const [firstIs, secondIs] = [when.is, then.is]
  const isBeside = lieBeside(first, second)
  const wanted = `${isBeside ? lastName(second) : second}`
  const reads = [first, second]
  const description = `${first} ${JSON.stringify(firstIs)} needs ${second} ${JSON.stringify(secondIs)}`
  const judged = rule<unknown>(`implies-${nameOf(first)}`, { reads, description }, ({ value, fail }) => {
    const level = commonLevel(first, second)
    const below = (path: string): string => (level === '' ? path : path.slice(level.length + 1))
    for (const item of membersAt(value as JsonValue, level)) {
      if (membersAt(item.value, below(second)).some((other) => other.value === secondIs)) continue
      for (const member of membersAt(item.value, below(first)).filter((each) => each.value === firstIs)) {
        fail([...item.tokens, ...member.tokens], 'FIELD_NEEDS_OTHER', {
          problem: `needs "${wanted}" to be ${JSON.stringify(secondIs)}`,
          fix: `Write ${JSON.stringify(secondIs)} for "${wanted}", or another value here.`,
        })
      }
    }
  })
  return isBeside ? { ...judged, portable: { kind: 'implies', first, second, firstIs, secondIs } } : judged
}

/** A number or flag of the request, by name. */
export type RequestFact = 'gpu' | 'gpu.count' | 'image'

/** A list has as many items as the request asks for; it is free when the request does not say. */
export function lengthEquals(list: string, fact: 'gpu.count'): ConfigRule<unknown> {
  const description = `${list} has as many items as ${fact} of the request asks for`
  return rule(`length-${nameOf(list)}`, { reads: [list], description }, ({ value, request, fail }) => {
    const wanted = request.gpu?.count
    if (wanted === undefined) return
    for (const member of membersAt(value as JsonValue, list)) {
      if (!Array.isArray(member.value) || member.value.length === wanted) continue
      const problem = `has ${member.value.length} items, but the request asks for ${wanted} (${fact})`
      fail(member.tokens, 'CONFLICTS_WITH_REQUEST', { problem, fix: 'Change the list or the request.' })
    }
  })
}

/** A field is used only when the request has something: `onlyWith('gpu_device_ids', 'gpu')`. */
export function onlyWith(field: string, fact: RequestFact): ConfigRule<unknown> {
  const description = `${field} is used only when the request has ${fact}`
  return rule(`only-with-${nameOf(field)}`, { reads: [field], description }, ({ value, request, fail }) => {
    if (hasFact(request, fact)) return
    for (const member of membersAt(value as JsonValue, field)) {
      const fix = `Add ${fact} to the request, or remove the field.`
      fail(member.tokens, 'CONFLICTS_WITH_REQUEST', { problem: `is used only when the request has ${fact}`, fix })
    }
  })
}

/** Options of `readOnlyDominates`. */
export interface ReadOnlyDominatesOptions {
  /** Field of both lists that ties an entry to its source: the name in the parent, the reference in the child. */
  readonly parentKey: string
  readonly childKey: string
  /** The flag in both. @default 'read_only' */
  readonly flag?: string
}

/** What uses a read-only source is read-only itself: `readOnlyDominates('volumes[]', 'mounts[]', …)`. */
export function readOnlyDominates(
  parent: string,
  child: string,
  options: ReadOnlyDominatesOptions,
): ConfigRule<unknown> {
  const { parentKey, childKey, flag = 'read_only' } = options
  const reads = [`${parent}.${parentKey}`, `${parent}.${flag}`, `${child}.${childKey}`, `${child}.${flag}`]
  const description = `${child} that use a read-only entry of ${parent} are read-only`
  return rule(`read-only-${nameOf(child)}`, { reads, description }, ({ value, fail }) => {
    const member = (item: JsonValue, key: string) => membersAt(item, key)[0]?.value
    const sources = membersAt(value as JsonValue, parent).filter((each) => member(each.value, flag) === true)
    const names = new Set(sources.map((each) => member(each.value, parentKey)))
    for (const use of membersAt(value as JsonValue, child)) {
      if (!names.has(member(use.value, childKey)) || member(use.value, flag) !== false) continue
      const fix = 'Set it to true, or make the source writable.'
      fail([...use.tokens, flag], 'FIELDS_CONFLICT', { problem: 'cannot be writable, its source is read-only', fix })
    }
  })
}

/** Which way two paths may not contain each other. */
export type OverlapDirection = 'both-ways' | 'inside-reserved'

/**
 * No path at a place touches a reserved one. `both-ways` also refuses a path that contains a reserved one, which would hide it;
 * `inside-reserved` refuses only equal paths and paths below.
 */
export function noPathOverlap(
  list: string,
  reserved: readonly string[],
  direction: OverlapDirection,
): ConfigRule<unknown> {
  const description = `${list} stays clear of ${reserved.join(', ')}`
  return rule(`no-overlap-${nameOf(list)}`, { reads: [list], description }, ({ value, fail }) => {
    for (const member of membersAt(value as JsonValue, list)) {
      const path = typeof member.value === 'string' ? withSlash(member.value) : undefined
      const hit = reserved.find((place) => {
        const own = withSlash(place)
        return (
          path?.startsWith(own) === true || (direction === 'both-ways' && path !== undefined && own.startsWith(path))
        )
      })
      if (hit === undefined) continue
      const fix = `Choose a path that neither contains ${hit} nor lies in it.`
      fail(member.tokens, 'RULE_FAILED', { problem: `overlaps the reserved path ${hit}`, fix })
    }
  })
}

type PairFail = (code: 'FIELDS_CONFLICT' | 'FIELD_NEEDS_OTHER', failure: { problem: string; fix: string }) => void

function pairRule(
  kind: string,
  first: string,
  second: string,
  description: string,
  judge: (hasFirst: boolean, fail: PairFail) => void,
): ConfigRule<unknown> {
  return rule(`${kind}-${nameOf(second)}`, { reads: [first, second], description }, ({ value, fail }) => {
    const level = commonLevel(first, second)
    const below = (path: string): string => (level === '' ? path : path.slice(level.length + 1))
    for (const item of membersAt(value as JsonValue, level)) {
      const hasFirst = membersAt(item.value, below(first)).length > 0
      for (const member of membersAt(item.value, below(second))) {
        judge(hasFirst, (code, failure) => fail([...item.tokens, ...member.tokens], code, failure))
      }
    }
  })
}

/** The deepest object that both fields lie in: `mounts[]` for `mounts[].a` and `mounts[].b.c`, `''` for the block. */
function commonLevel(first: string, second: string): string {
  const others = second.split('.').slice(0, -1)
  const names = first.split('.').slice(0, -1)
  const end = names.findIndex((name, index) => name !== others[index])
  return (end === -1 ? names : names.slice(0, end)).join('.')
}

/** True when both fields belong to one object. */
function lieBeside(first: string, second: string): boolean {
  const parent = (template: string): string => template.split('.').slice(0, -1).join('.')
  return parent(first) === parent(second)
}

function hasFact(request: SandboxRequest, fact: RequestFact): boolean {
  if (fact === 'gpu') return request.gpu !== undefined
  return fact === 'image' ? request.image !== undefined : request.gpu?.count !== undefined
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`
}

function lastName(path: string): string {
  return path.split('.').at(-1) ?? path
}

function nameOf(path: string): string {
  return path.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')
}
