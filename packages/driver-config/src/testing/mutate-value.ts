import type { JsonValue } from '../envelope/json-value.js'
import { pick, type Random } from './seeded-random.js'

/** Makes a value to put somewhere. */
export type Grow<Value> = (random: Random) => Value

/** A copy of a value with one thing changed, somewhere: a member replaced, left out, or added under a key nobody declared. */
export function mutateValue<Grown>(random: Random, value: JsonValue, grow: Grow<Grown>): JsonValue | Grown {
  if (typeof value !== 'object' || value === null || random() < 0.1) return grow(random)
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value]
    const index = Math.floor(random() * (copy.length + 1))
    copy[index] = index < value.length ? mutateValue(random, value[index] ?? null, grow) : grow(random)
    return copy as JsonValue | Grown
  }
  const copy: Record<string, unknown> = { ...value }
  const names = Object.keys(copy)
  const action = random()
  if (action < 0.2 || names.length === 0)
    copy[pick(random, ['read_onyl', 'zzz', 'schema_version', 'type'])] = grow(random)
  else if (action < 0.35) delete copy[pick(random, names)]
  else {
    const name = pick(random, names)
    copy[name] = mutateValue(random, value[name] ?? null, grow)
  }
  return copy as JsonValue | Grown
}
