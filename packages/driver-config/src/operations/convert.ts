import type { JsonValue } from '../envelope/json-value.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { editNodes } from './edit-node.js'
import { type BoundOperation, type Operation, requireSteps } from './operation.js'
import { visitMembers, writeMember } from './template-steps.js'

/** A named conversion between two shapes of the same fact. */
interface Codec {
  readonly from: SchemaNode['kind']
  /** The shape of what it gives. */
  readonly gives: SchemaNode
  up(value: JsonValue): JsonValue
  readonly down?: (value: JsonValue) => JsonValue
}

const anyText: SchemaNode = { kind: 'string', annotations: {}, minLength: 0 }
const anyInteger: SchemaNode = { kind: 'number', annotations: {}, integer: true }

const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}
const durations: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }

const codecs = {
  'integer-to-string': { from: 'number', gives: anyText, up: (value) => String(value), down: toInteger },
  'string-to-integer': { from: 'string', gives: anyInteger, up: toInteger, down: (value) => String(value) },
  'quantity-to-bytes': { from: 'string', gives: anyInteger, up: quantityToBytes, down: (value) => String(value) },
  'duration-to-ms': { from: 'string', gives: anyInteger, up: durationToMs, down: (value) => `${String(value)}ms` },
  'boolean-to-string': {
    from: 'boolean',
    gives: anyText,
    up: (value) => String(value),
    down: (value) => value === 'true',
  },
} as const satisfies Record<string, Codec>

/** Name of a conversion from the closed list. */
export type CodecName = keyof typeof codecs

/** The closed list. */
export const codecNames = Object.keys(codecs) as readonly CodecName[]

/**
 * Converts a value by a named codec: `quantity-to-bytes` (`1.5Gi` to a number), `duration-to-ms` (`1h30m` to a number),
 * `string-to-integer`, `integer-to-string`, `boolean-to-string`. A document whose value the codec does not take cannot be
 * migrated, so the older schema must allow such values only. The way back gives an equal value, not always the same text.
 */
export function convert(path: string, codecName: CodecName): Operation {
  const steps = requireSteps(path)
  const codec: Codec = codecs[codecName]
  const apply = (change: (value: JsonValue) => JsonValue) => (draft: Record<string, JsonValue>) => {
    visitMembers(draft, steps, (holder, key, value) => writeMember(holder, key, change(value)))
    return draft
  }
  return {
    data: { op: 'convert', path, codec: codecName },
    bind: (node): BoundOperation => ({
      node: node === undefined ? undefined : editNodes(node, steps, (value) => convertNode(value, codec, path)),
      up: apply(codec.up),
      ...(codec.down === undefined ? {} : { down: apply(codec.down) }),
      replaces: {},
    }),
  }
}

function convertNode(node: SchemaNode, codec: Codec, path: string): SchemaNode {
  if (node.kind !== codec.from) {
    throw new SchemaProblem('', `"${path}" is not a ${codec.from}.`, 'Choose a codec for its type.')
  }
  return node.default === undefined ? codec.gives : { ...codec.gives, default: codec.up(node.default) }
}

function toInteger(value: JsonValue): number {
  if (typeof value !== 'string' || !/^[+-]?[0-9]+$/.test(value)) throw new Error('the text is not a whole number')
  return requireSafe(Number(value))
}

function quantityToBytes(value: JsonValue): number {
  const match = /^\+?([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:([eE][+-]?[0-9]+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(String(value))
  const [, digits = '', exponent = '', suffix = ''] = match ?? []
  const factor = suffixes[suffix]
  if (match === null || factor === undefined) throw new Error('the text is not a quantity')
  // Kubernetes rounds a fraction of a byte up.
  return requireSafe(Math.ceil(Number(`${digits}${exponent}`) * factor))
}

function durationToMs(value: JsonValue): number {
  const text = String(value)
  const parts = [...text.matchAll(/([0-9]+(?:\.[0-9]+)?)(ms|h|m|s)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) throw new Error('the text is not a duration')
  return requireSafe(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (durations[unit ?? ''] ?? 0), 0))
}

function requireSafe(value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new Error('the number is not a safe integer')
}
