import type { NumberNode } from '../schema/schema-node.js'
import type { Comparison } from './compare-nested.js'

/** The end of a range: open when the value itself does not belong to it. */
interface Edge {
  readonly value: number
  readonly open: boolean
}

/** Compares two numbers: wholeness, range, step. */
export function compareNumbers(comparison: Comparison<NumberNode>): void {
  const { before, after, place, changes } = comparison
  if (before.integer !== after.integer) {
    const said = { before: before.integer ? 'integer' : 'number', after: after.integer ? 'integer' : 'number' }
    if (!after.integer) changes.add(place.path, 'TYPE_WIDENED', { ...said, what: 'takes fractions' })
    else {
      const search = { node: before, isolated: { ...before, integer: true }, candidates: fractionsOf(before) }
      changes.addRefusal(place, 'TYPE_NARROWED', { ...said, what: 'takes whole numbers only' }, search)
    }
  }
  compareEdges(comparison, 'low')
  compareEdges(comparison, 'high')
  compareSteps(comparison)
}

const keywordsOf = {
  low: { closed: 'minimum', open: 'exclusiveMinimum', word: 'below' },
  high: { closed: 'maximum', open: 'exclusiveMaximum', word: 'above' },
} as const

function compareEdges({ before, after, place, changes }: Comparison<NumberNode>, side: 'low' | 'high'): void {
  const { closed, open, word } = keywordsOf[side]
  if (before[closed] === after[closed] && before[open] === after[open]) return
  const [earlier, later] = [edgeOf(before, side, before.integer), edgeOf(after, side, before.integer)]
  const said = { before: describeEdge(before, side), after: describeEdge(after, side) }
  const order = side === 'low' ? later.value - earlier.value : earlier.value - later.value
  const isSameValue = earlier.value === later.value
  if (isSameValue ? later.open && !earlier.open : order > 0) {
    const { [closed]: _, [open]: __, ...free } = before
    const bounds = {
      ...(after[closed] === undefined ? {} : { [closed]: after[closed] }),
      ...(after[open] === undefined ? {} : { [open]: after[open] }),
    }
    const what = `no longer takes some numbers ${word} its new bound`
    const candidates = besideEdges(before, earlier, later, side)
    changes.addRefusal(
      place,
      'BOUND_TIGHTENED',
      { ...said, what },
      { node: before, isolated: { ...free, ...bounds }, candidates },
    )
  } else if (isSameValue && earlier.open === later.open) {
    changes.add(place.path, 'CONSTRAINT_REWRITTEN', { ...said, what: 'says the same bound in another way' })
  } else changes.add(place.path, 'BOUND_LOOSENED', { ...said, what: `takes numbers ${word} its old bound` })
}

function edgeOf(node: NumberNode, side: 'low' | 'high', isWhole: boolean): Edge {
  const { closed, open } = keywordsOf[side]
  const sign = side === 'low' ? 1 : -1
  // Upwards for both sides: an upper edge is a lower one of the mirrored numbers.
  const mirrored = (value: number | undefined): number =>
    value === undefined ? Number.NEGATIVE_INFINITY : sign * value
  const [shut, ajar] = [mirrored(node[closed]), mirrored(node[open])]
  if (isWhole) {
    const value = Math.max(Number.MIN_SAFE_INTEGER, Math.ceil(shut), Math.floor(ajar) + 1)
    return { value: sign * value, open: false }
  }
  return { value: sign * Math.max(shut, ajar), open: ajar >= shut && node[open] !== undefined }
}

/** The keyword that bounds a side, as it is written; the tighter one of two. */
function describeEdge(node: NumberNode, side: 'low' | 'high'): { readonly [keyword: string]: number } | undefined {
  const { closed, open } = keywordsOf[side]
  const written = {
    ...(node[closed] === undefined ? {} : { [closed]: node[closed] }),
    ...(node[open] === undefined ? {} : { [open]: node[open] }),
  }
  return Object.keys(written).length === 0 ? undefined : written
}

function besideEdges(node: NumberNode, earlier: Edge, later: Edge, side: 'low' | 'high'): number[] {
  const outward = side === 'low' ? -1 : 1
  const step = node.multipleOf ?? 1
  const stepped = Math.ceil(Math.max(earlier.value, Number.MIN_SAFE_INTEGER) / step) * step
  const middle = (Math.max(Math.min(earlier.value, 1e300), -1e300) + later.value) / 2
  return [
    later.value + outward,
    later.value,
    earlier.value,
    middle,
    Math.round(middle),
    stepped,
    Math.floor(earlier.value / step) * step,
    Math.floor(later.value / step) * step + outward * step,
    later.value + outward * step,
  ].filter((value) => Number.isFinite(value))
}

function fractionsOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: NumberNode): number[] {
  const low = minimum ?? exclusiveMinimum
  const high = maximum ?? exclusiveMaximum
  if (low !== undefined && high !== undefined) return [(low + high) / 2, low + (high - low) / 3, low, high]
  if (low !== undefined) return [low, Math.floor(low) + 1.5]
  return high === undefined ? [0.5] : [high, Math.ceil(high) - 1.5]
}

function compareSteps({ before, after, place, changes }: Comparison<NumberNode>): void {
  const [earlier, later] = [before.multipleOf, after.multipleOf]
  if (earlier === later) return
  const said = { before: earlier, after: later }
  if (later === undefined) {
    changes.add(place.path, 'BOUND_LOOSENED', { ...said, what: `takes numbers between the multiples of ${earlier}` })
  } else if ((earlier ?? 1) % later === 0 && before.integer) {
    changes.add(place.path, earlier === undefined ? 'CONSTRAINT_REWRITTEN' : 'BOUND_LOOSENED', {
      ...said,
      what: `takes multiples of ${later}`,
    })
  } else {
    const isolated = { ...before, multipleOf: later }
    const low = edgeOf(before, 'low', true).value
    const start = Math.ceil(
      Math.max(low, edgeOf(before, 'high', true).value > 0 ? Math.max(low, 0) : low) / (earlier ?? 1),
    )
    const candidates = [0, 1, 2, 3].map((index) => (start + index) * (earlier ?? 1))
    changes.addRefusal(
      place,
      'BOUND_TIGHTENED',
      { ...said, what: `takes multiples of ${later} only` },
      { node: before, isolated, candidates },
    )
  }
}
