import { isJsonObject, type JsonValue } from '../envelope/json-value.js'
import type { PathToken } from '../issue/path.js'
import { stepsOf } from '../schema/template-of.js'

/** A member of a document and the steps that lead to it. */
export interface FoundMember {
  readonly tokens: PathToken[]
  readonly value: JsonValue
}

/** The members of a value at a template, with the steps that lead to each. */
export function membersAt(value: JsonValue, template: string): FoundMember[] {
  const steps = stepsOf(template)
  let found: FoundMember[] = [{ tokens: [], value }]
  for (const step of steps) found = found.flatMap((each) => childrenAt(each, step))
  return found
}

function childrenAt(parent: FoundMember, step: string): FoundMember[] {
  if (step === '[]') {
    const items = Array.isArray(parent.value) ? parent.value : []
    return items.map((value, index) => ({ tokens: [...parent.tokens, index], value }))
  }
  if (!isJsonObject(parent.value)) return []
  const entries =
    step === '{}'
      ? Object.entries(parent.value)
      : [[step, Object.hasOwn(parent.value, step) ? parent.value[step] : undefined] as const]
  return entries.flatMap(([key, value]) => (value === undefined ? [] : [{ tokens: [...parent.tokens, key], value }]))
}

/** True when a document has something at a place. */
export function hasMember(document: JsonValue, tokens: readonly PathToken[]): boolean {
  let value: JsonValue | undefined = document
  for (const token of tokens) {
    if (Array.isArray(value)) value = value[Number(token)]
    else value = isJsonObject(value) && Object.hasOwn(value, token) ? value[token] : undefined
    if (value === undefined) return false
  }
  return true
}
