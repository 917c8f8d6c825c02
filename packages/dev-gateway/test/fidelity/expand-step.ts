import type { Json, JsonMap, RecordedStep } from './recording.js'

/** Names that earlier steps gave to what they created. */
export type Variables = Readonly<Record<string, JsonMap>>

/** A step as it is run: its generators written out, and remembered values in the place of `${name}` and `${name.field}`. */
export function expandStep(step: RecordedStep, variables: Variables): RecordedStep {
  return substitute(expand(step as unknown as Json), variables) as RecordedStep
}

/**
 * Writes out the generators of recorded JSON: `{$repeat:[text,n]}`, `{$list:[n,value]}`, `{$entries:[n,prefix,value]}` and
 * `{$nest:n}`. What JSON cannot say, `{$num:…}` and `{$kindless:true}`, stays.
 */
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

function substitute(value: Json, variables: Variables): Json {
  if (Array.isArray(value)) return value.map((entry) => substitute(entry, variables))
  if (typeof value === 'string') {
    return value.replace(/\$\{([^.}]+)\.([^}]+)\}/g, (_, name: string, field: string) =>
      String(variables[name]?.[field] ?? ''),
    )
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, substitute(entry, variables)]))
}
