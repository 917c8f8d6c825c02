import { create, type DescEnum, type DescMessage, type MessageShape } from '@bufbuild/protobuf'
import { durationFromMs } from '@bufbuild/protobuf/wkt'
import { suggestNames } from '@openshell-ts/driver-config/envelope'
import { violation } from '../../checks/check-text.js'
import { throwViolations } from '../../checks/throw-violations.js'
import type { Violation } from '../../errors/openshell-error.js'
import { enumWord, type PlainField, plainFields, type ValueShape } from './plain-field.js'

/** What is written, for errors. */
export interface PlainSource {
  readonly rpc: string
  /** Path of the object in the caller's options, such as `policy`. */
  readonly path: string
}

/**
 * Writes a plain object as a message, by its description. Throws kind `invalid-argument` that lists every key that this line does
 * not know and every value of a wrong type: protobuf would drop the one and change the other silently.
 */
export function writePlain<Description extends DescMessage>(
  description: Description,
  plain: object,
  { rpc, path }: PlainSource,
): MessageShape<Description> {
  const violations: Violation[] = []
  const message = new PlainWriter(violations).message(description, plain, path)
  throwViolations(rpc, violations)
  return message
}

class PlainWriter {
  readonly #violations: Violation[]

  constructor(violations: Violation[]) {
    this.#violations = violations
  }

  message<Description extends DescMessage>(
    description: Description,
    plain: unknown,
    path: string,
  ): MessageShape<Description> {
    const message = create(description)
    if (!isRecord(plain)) {
      this.#report(path, 'TYPE_MISMATCH', `must be an object, got ${kindOf(plain)}`)
      return message
    }
    const fields = new Map(plainFields(description).map((field) => [field.name, field]))
    for (const [key, value] of Object.entries(plain)) {
      const field = fields.get(key)
      if (value === undefined) continue
      if (!field) this.#reportUnknown(`${path}.${key}`, key, [...fields.keys()])
      else Reflect.set(message, field.field.localName, this.#field(field, value, `${path}.${key}`))
    }
    return message
  }

  #field({ container, shape }: PlainField, value: unknown, path: string): unknown {
    if (container === 'list') {
      if (Array.isArray(value)) return value.map((item, index) => this.#value(shape, item, `${path}[${index}]`))
      this.#report(path, 'TYPE_MISMATCH', `must be a list, got ${kindOf(value)}`)
      return []
    }
    if (container === 'map') {
      if (isRecord(value)) {
        return Object.fromEntries(
          Object.entries(value).map(([key, item]) => [
            key,
            this.#value(shape, item, `${path}[${JSON.stringify(key)}]`),
          ]),
        )
      }
      this.#report(path, 'TYPE_MISMATCH', `must be an object, got ${kindOf(value)}`)
      return {}
    }
    return this.#value(shape, value, path)
  }

  #value(shape: ValueShape, value: unknown, path: string): unknown {
    switch (shape.type) {
      case 'message':
        return this.message(shape.message, value, path)
      case 'enum':
        return this.#enum(shape.enum, value, path)
      case 'struct':
        return this.#expect(isRecord(value), value, path, 'an object', {})
      case 'text':
        return this.#expect(typeof value === 'string', value, path, 'a text', '')
      case 'boolean':
        return this.#expect(typeof value === 'boolean', value, path, 'true or false', false)
      case 'number':
        return this.#expect(isWhole(value), value, path, 'a whole number from 0', 0)
      case 'signed-number':
        return this.#expect(Number.isSafeInteger(value), value, path, 'a whole number', 0)
      case 'revision':
        return BigInt(this.#expect(/^\d{1,19}$/.test(String(value)), value, path, 'a whole number as text', '0'))
      case 'duration':
        return durationFromMs(this.#expect(isWhole(value), value, path, 'milliseconds, a whole number from 0', 0))
      case 'seconds':
        return BigInt(
          Math.ceil(this.#expect(isWhole(value), value, path, 'milliseconds, a whole number from 0', 0) / 1000),
        )
    }
  }

  #expect<T>(fits: boolean, value: unknown, path: string, what: string, otherwise: T): T {
    if (fits) return value as T
    this.#report(path, 'TYPE_MISMATCH', `must be ${what}, got ${kindOf(value)}`)
    return otherwise
  }

  #enum(description: DescEnum, value: unknown, path: string): number {
    const words = description.values.map(({ number }) => enumWord(description, number))
    const index = words.indexOf(String(value))
    const found = description.values[index]
    if (found) return found.number
    const known = words.filter((word) => word !== '')
    this.#report(path, 'NOT_ALLOWED', `must be one of: ${known.join(', ')}`)
    return 0
  }

  #reportUnknown(path: string, key: string, known: readonly string[]): void {
    const [nearest] = suggestNames(key, known)
    const advice = nearest === undefined ? `known: ${known.join(', ')}` : `did you mean "${nearest}"?`
    this.#report(path, 'UNKNOWN_FIELD', `is not known to gateways of this line; ${advice}`)
  }

  #report(path: string, reason: string, description: string): void {
    this.#violations.push(violation(path, reason, description))
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : typeof value
}
