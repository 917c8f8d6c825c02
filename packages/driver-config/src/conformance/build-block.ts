import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { fromPointer } from '../issue/path.js'
import type { ConformanceVector, MadeValue, PatchStep } from './conformance-vector.js'

/**
 * The block of a vector; `undefined` when there is none.
 *
 * @throws RangeError when a step leads nowhere.
 */
export function buildBlock(
  { base, patch = [], make }: Omit<ConformanceVector, 'id' | 'expect'>,
  bases: Readonly<Record<string, JsonObject>>,
): JsonValue | undefined {
  const start = base !== undefined && Object.hasOwn(bases, base) ? bases[base] : undefined
  if (base !== undefined && start === undefined) throw new RangeError(`there is no base "${base}"`)
  let block: JsonValue | undefined = start
  for (const step of patch) block = applyStep(block ?? null, fromPointer(step.path), step)
  if (make === undefined) return block
  return applyStep(block ?? {}, fromPointer(make.path), { op: 'put', path: make.path, value: makeValue(make) })
}

// No driver takes more of anything.
const maximumTimes = 1_000_000

/**
 * The value of a recipe.
 *
 * @throws RangeError for one that asks for too much.
 */
export function makeValue({ recipe }: MadeValue): JsonValue {
  if (recipe.kind !== 'joined' && !(recipe.times <= maximumTimes)) throw new RangeError('its recipe asks for too much')
  switch (recipe.kind) {
    case 'text':
      return recipe.of.repeat(recipe.times)
    case 'list':
      return Array.from({ length: recipe.times }, () => recipe.of)
    case 'keys':
      return Object.fromEntries(Array.from({ length: recipe.times }, (_, index) => [`k${index}`, true]))
    case 'nested': {
      let value: JsonObject = {}
      for (let level = 1; level < recipe.times; level += 1) value = { in: value }
      return value
    }
    case 'joined':
      return recipe.parts.join('')
  }
}

/** `put` is the step of a recipe: in an object it adds or replaces, in a list it replaces. */
type Step = PatchStep | { readonly op: 'put'; readonly path: string; readonly value: JsonValue }

function applyStep(value: JsonValue, [token, ...rest]: readonly string[], step: Step): JsonValue {
  if (token === undefined) {
    if (step.op === 'remove') throw new RangeError('a block cannot be removed from itself')
    return step.value
  }
  const isLast = rest.length === 0
  const inside = (member: JsonValue | undefined): JsonValue => {
    if (member === undefined && !(isLast && (step.op === 'add' || step.op === 'put')))
      throw new RangeError(`there is nothing at ${step.path}`)
    return applyStep(member ?? null, rest, step)
  }
  if (Array.isArray(value)) return changeList(value, token, isLast, step, inside)
  if (!isJsonObject(value)) throw new RangeError(`there is no object at the end of ${step.path}`)
  if (isLast && step.op === 'remove') {
    const { [token]: _, ...others } = value
    return others
  }
  return { ...value, [token]: inside(Object.hasOwn(value, token) ? value[token] : undefined) }
}

function changeList(
  list: readonly JsonValue[],
  token: string,
  isLast: boolean,
  step: Step,
  inside: (member: JsonValue | undefined) => JsonValue,
): JsonValue[] {
  const index = token === '-' ? list.length : Number(token)
  if (!Number.isSafeInteger(index) || index > list.length) throw new RangeError(`there is no item at ${step.path}`)
  if (isLast && step.op === 'remove') return list.toSpliced(index, 1)
  // In a list "add" makes room, and "replace" does not.
  if (isLast && step.op === 'add') return list.toSpliced(index, 0, step.value)
  return list.with(index, inside(list[index]))
}
