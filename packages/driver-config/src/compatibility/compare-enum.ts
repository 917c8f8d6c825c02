import type { EnumNode } from '../schema/schema-node.js'
import type { Comparison } from './compare-nested.js'

/** Compares two fixed sets of scalars. */
export function compareEnums({ before, after, place, changes }: Comparison<EnumNode>): void {
  const gone = before.values.filter((value) => !after.values.includes(value))
  const fresh = after.values.filter((value) => !before.values.includes(value))
  if (gone.length === 1 && before.values.length === 1 && after.values.length === 1) {
    const facts = { before: [...before.values], after: [...after.values], what: 'has another constant' }
    changes.addRefusal(place, 'CONST_CHANGED', facts, { node: before, isolated: after, candidates: gone })
    return
  }
  for (const value of gone) {
    const isolated = { ...before, values: before.values.filter((each) => each !== value) }
    const facts = { before: value, what: `no longer takes ${JSON.stringify(value)}` }
    changes.addRefusal(place, 'ENUM_VALUE_REMOVED', facts, { node: before, isolated, candidates: [value] })
  }
  for (const value of fresh) {
    changes.add(place.path, 'ENUM_VALUE_ADDED', { after: value, what: `takes ${JSON.stringify(value)}` })
  }
  const now = after.values.filter((value) => !fresh.includes(value))
  const kept = before.values.filter((value) => !gone.includes(value))
  if (kept.every((value, index) => value === now[index])) return
  changes.add(place.path, 'ORDER_CHANGED', { before: kept, after: now, what: 'lists its values in another order' })
}
