import type { NumberNode, SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { editNodes } from './edit-node.js'
import { type BoundOperation, type Operation, requireSteps } from './operation.js'
import { visitMembers, writeMember } from './template-steps.js'

const units = {
  ns: { measure: 'time', size: 1 },
  us: { measure: 'time', size: 1e3 },
  ms: { measure: 'time', size: 1e6 },
  s: { measure: 'time', size: 1e9 },
  min: { measure: 'time', size: 60e9 },
  h: { measure: 'time', size: 3600e9 },
  bytes: { measure: 'data', size: 1 },
  Ki: { measure: 'data', size: 2 ** 10 },
  Mi: { measure: 'data', size: 2 ** 20 },
  Gi: { measure: 'data', size: 2 ** 30 },
  Ti: { measure: 'data', size: 2 ** 40 },
  milli: { measure: 'count', size: 1 },
  one: { measure: 'count', size: 1e3 },
} as const satisfies Record<string, { readonly measure: string; readonly size: number }>

/** A unit of time, data or count. */
export type Unit = keyof typeof units

/** All units. */
export const unitNames = Object.keys(units) as readonly Unit[]

/** Options of `convertUnit`. */
export interface ConvertUnitOptions {
  /** The unit of the older version. */
  readonly from: Unit
  /** The unit of this version, of the same measure. */
  readonly to: Unit
}

/**
 * Converts a whole number to another unit. Rename the field as well: a name that keeps its meaning's unit misleads nobody.
 *
 * To a smaller unit it multiplies and must stay a safe integer; to a larger unit the older schema must have a `multipleOf`
 * that makes every value divisible. The way back rounds down where it does not divide, with a note.
 */
export function convertUnit(path: string, { from, to }: ConvertUnitOptions): Operation {
  const steps = requireSteps(path)
  const [source, target] = [units[from], units[to]]
  if (source.measure !== target.measure) {
    throw new SchemaProblem('', `"${from}" and "${to}" do not measure the same.`, 'Convert within time, data or count.')
  }
  const scale: Scale = { times: Math.max(1, source.size / target.size), over: Math.max(1, target.size / source.size) }
  return {
    data: { op: 'convertUnit', path, from, to },
    bind: (node): BoundOperation => ({
      node: node === undefined ? undefined : editNodes(node, steps, (value) => scaleNode(value, scale, path)),
      up(draft) {
        visitMembers(draft, steps, (holder, key, value) => writeMember(holder, key, scaleExactly(value, scale)))
        return draft
      },
      down(draft, note) {
        visitMembers(draft, steps, (holder, key, value) => {
          const scaled = (Number(value) * scale.over) / scale.times
          if (!Number.isInteger(scaled)) note(`"${path}" is rounded down to whole ${from}`)
          writeMember(holder, key, Math.floor(scaled))
        })
        return draft
      },
      replaces: {},
    }),
  }
}

interface Scale {
  readonly times: number
  readonly over: number
}

function scaleExactly(value: unknown, scale: Scale): number {
  const scaled = (Number(value) * scale.times) / scale.over
  if (Number.isSafeInteger(scaled)) return scaled
  throw new Error('the converted number is not a safe integer')
}

function scaleNode(node: SchemaNode, scale: Scale, path: string): NumberNode {
  if (node.kind !== 'number' || !node.integer) {
    throw new SchemaProblem('', `"${path}" is not a whole number.`, 'Convert whole numbers only.')
  }
  if (scale.over > 1 && (node.multipleOf ?? 1) % scale.over !== 0) {
    const hint = 'Use code() and say how to round.'
    throw new SchemaProblem('', `not every "${path}" divides by ${scale.over}.`, hint)
  }
  const convert = (bound: number | undefined): number | undefined =>
    bound === undefined ? undefined : (bound * scale.times) / scale.over
  const { default: fallback, annotations } = node
  const scaled = {
    minimum: convert(node.minimum),
    maximum: convert(node.maximum),
    exclusiveMinimum: convert(node.exclusiveMinimum),
    exclusiveMaximum: convert(node.exclusiveMaximum),
    multipleOf: convert(node.multipleOf ?? 1),
    default: convert(fallback === undefined ? undefined : Number(fallback)),
  }
  const known = Object.entries(scaled).filter(([, value]) => value !== undefined)
  return { kind: 'number', integer: true, annotations, ...Object.fromEntries(known) }
}
