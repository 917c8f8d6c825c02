import { formatPath, type PathToken } from '../issue/path.js'
import { EnvelopeError } from './envelope-error.js'
import type { JsonObject, JsonValue } from './json-value.js'

const forbiddenKeys = new Set(['__proto__', 'prototype', 'constructor'])
const maximumDepth = 64
const loneSurrogate = /\p{Surrogate}/u

/**
 * A plain copy of a JSON object. A member that is `undefined` is left out.
 *
 * @throws EnvelopeError with the path, for everything that protobuf would change or lose silently.
 */
export function encodeJsonObject(value: unknown, root: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EnvelopeError(root, 'a block is an object; write it with named fields.')
  }
  return encodeObject(value, root, [])
}

function encodeValue(value: unknown, root: string, tokens: readonly PathToken[]): JsonValue {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') {
    if (loneSurrogate.test(value)) throw refuse(root, tokens, 'a text that is not well-formed Unicode')
    return value
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse(root, tokens, 'a number that is not finite')
    return value
  }
  if (typeof value !== 'object') throw refuse(root, tokens, value === undefined ? 'undefined' : `a ${typeof value}`)
  if (tokens.length >= maximumDepth) throw refuse(root, [], `nested deeper than ${maximumDepth} levels`)
  if (!Array.isArray(value)) return encodeObject(value, root, tokens)
  // An index loop: holes are found as undefined.
  return Array.from(value, (item, index) => encodeValue(item, root, [...tokens, index]))
}

function encodeObject(value: object, root: string, tokens: readonly PathToken[]): JsonObject {
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
  if (!isPlain) throw refuse(root, tokens, 'an object of a class')
  if (Object.getOwnPropertySymbols(value).length > 0) throw refuse(root, tokens, 'an object with symbol keys')
  const copy: Record<string, JsonValue> = {}
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue
    const place = [...tokens, key]
    if (forbiddenKeys.has(key) || loneSurrogate.test(key))
      throw new EnvelopeError(formatPath(root, place), 'this key cannot be sent; remove it.')
    copy[key] = encodeValue(member, root, place)
  }
  return copy
}

function refuse(root: string, tokens: readonly PathToken[], found: string): EnvelopeError {
  return new EnvelopeError(formatPath(root, tokens), `only JSON can be sent, this is ${found}.`)
}
