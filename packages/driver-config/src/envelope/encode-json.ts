import { formatPath, type PathToken } from '../issue/path.js'
import { EnvelopeError } from './envelope-error.js'
import type { JsonObject, JsonValue } from './json-value.js'

const forbiddenKeys = new Set(['__proto__', 'prototype', 'constructor'])
const maximumDepth = 64
/** An envelope may take 65,536 bytes, and no member or item takes less than one. */
const maximumMembers = 65_536
const loneSurrogate = /\p{Surrogate}/u

/**
 * A plain copy of a JSON object. A member that is `undefined` is left out.
 *
 * @throws EnvelopeError with the path, for everything that protobuf would change or lose silently, and for what cannot be read
 * or is far too large to be sent.
 */
export function encodeJsonObject(value: unknown, root: string): JsonObject {
  try {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new EnvelopeError(root, 'a block is an object; write it with named fields.')
    }
    return encodeObject(value, { root, tokens: [], members: { left: maximumMembers } })
  } catch (cause) {
    if (cause instanceof EnvelopeError) throw cause
    // A getter or a proxy threw; its text may hold anything.
    throw new EnvelopeError(root, 'only JSON can be sent, and this has a member that cannot be read.')
  }
}

/** Where a value stands, and how many members may still follow: values that share parts grow without end when copied. */
interface Place {
  readonly root: string
  readonly tokens: readonly PathToken[]
  readonly members: { left: number }
}

function encodeValue(value: unknown, place: Place): JsonValue {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') {
    if (loneSurrogate.test(value)) throw refuse(place, 'a text that is not well-formed Unicode')
    return value
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse(place, 'a number that is not finite')
    return value
  }
  if (typeof value !== 'object') throw refuse(place, value === undefined ? 'undefined' : `a ${typeof value}`)
  if (place.tokens.length >= maximumDepth) throw refuseWhole(place, `nested deeper than ${maximumDepth} levels`)
  return Array.isArray(value) ? encodeList(value, place) : encodeObject(value, place)
}

function encodeList(value: readonly unknown[], place: Place): JsonValue[] {
  const copy: JsonValue[] = []
  // An index loop: holes are found as undefined.
  for (let index = 0; index < value.length; index += 1) copy.push(encodeValue(value[index], step(place, index)))
  return copy
}

function encodeObject(value: object, place: Place): JsonObject {
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
  if (!isPlain) throw refuse(place, 'an object of a class')
  if (Object.getOwnPropertySymbols(value).length > 0) throw refuse(place, 'an object with symbol keys')
  const copy: Record<string, JsonValue> = {}
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue
    const inner = step(place, key)
    if (forbiddenKeys.has(key) || loneSurrogate.test(key)) {
      throw new EnvelopeError(formatPath(place.root, inner.tokens), 'this key cannot be sent; remove it.')
    }
    copy[key] = encodeValue(member, inner)
  }
  return copy
}

function step({ root, tokens, members }: Place, token: PathToken): Place {
  const inner = { root, tokens: [...tokens, token], members }
  members.left -= 1
  if (members.left < 0) throw refuseWhole(inner, `of more than ${maximumMembers} members`)
  return inner
}

function refuse({ root, tokens }: Place, found: string): EnvelopeError {
  return new EnvelopeError(formatPath(root, tokens), `only JSON can be sent, this is ${found}.`)
}

function refuseWhole(place: Place, found: string): EnvelopeError {
  return refuse({ ...place, tokens: [] }, found)
}
