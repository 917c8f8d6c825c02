import type { JsonValue } from '../envelope/json-value.js'
import { countCharacters } from '../schema/describe-node.js'
import { isFormatName } from '../schema/formats.js'
import type { SchemaNode, StringNode } from '../schema/schema-node.js'
import type { Acceptor } from './acceptor.js'
import { type Budget, unitBytes } from './budget.js'
import { isInRange } from './check-scalar.js'
import { declined } from './copy-plain.js'
import { isWellFormed } from './is-well-formed.js'
import type { ConfigLimits } from './limits.js'
import { matchesFormat, matchesPattern } from './match-text.js'
import { mayHoldSecret } from './secret-forms.js'

/** The nodes that hold no other nodes. */
export type ScalarNode = Extract<SchemaNode, { kind: 'string' | 'number' | 'boolean' | 'null' | 'enum' }>

/** The acceptor of a scalar. */
export function compileScalar(node: ScalarNode, limits: ConfigLimits): Acceptor {
  switch (node.kind) {
    case 'string':
      return compileString(node, limits)
    case 'number': {
      const { integer, multipleOf } = node
      return (value) => {
        if (typeof value !== 'number' || !Number.isFinite(value) || !isInRange(node, value)) return declined
        if (integer && !Number.isInteger(value)) return declined
        return multipleOf !== undefined && value % multipleOf !== 0 ? declined : value
      }
    }
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : declined)
    case 'null':
      return (value) => (value === null ? value : declined)
    case 'enum': {
      const values = new Set<unknown>(node.values)
      return (value) => (values.has(value) ? (value as JsonValue) : declined)
    }
  }
}

function compileString(node: StringNode, limits: ConfigLimits): Acceptor {
  const { minLength, pattern, format } = node
  const maxLength = Math.min(node.maxLength ?? limits.stringLength, limits.stringLength)
  return (value, budget) => {
    if (typeof value !== 'string' || !acceptText(value, budget, minLength, maxLength, limits.stringLength))
      return declined
    if (pattern !== undefined && !matchesPattern(pattern, value)) return declined
    if (format !== undefined && isFormatName(format) && !matchesFormat(format, value)) return declined
    return value
  }
}

/** True for a text within its bounds (in characters) and the limit (in units) that is well-formed and no secret. */
export function acceptText(value: unknown, budget: Budget, least: number, most: number, limit: number): boolean {
  if (typeof value !== 'string') return false
  const { length } = value
  // Units are at least as many as characters, and at most twice as many: most texts need no counting.
  if (length > limit || length > most * 2 || length < least) return false
  if (length > most || length < least * 2) {
    const characters = countCharacters(value)
    if (characters < least || characters > most) return false
  }
  budget.bytes += length * unitBytes
  return isWellFormed(value) && !mayHoldSecret(value)
}
