import { declareChange } from './declare-change.js'
import type { SchemaChange } from './schema-change.js'

const removals: readonly string[] = ['PROPERTY_REMOVED', 'PROPERTY_RENAMED', 'EXTENSION_BAG_REMOVED']

/**
 * What a change means in a version that leaves unknown keys out: blocks may hold a field that is new, with any value, and a field that
 * is gone is left out in silence instead of refused.
 */
export function weighIgnoredKeys(change: SchemaChange, isStillIgnoring: boolean): SchemaChange {
  const { rule, path, witness: _, ...rest } = change
  if (rule === 'OPTIONAL_ADDED') {
    return declareChange('UNDECIDED_CHANGE', { path, what: 'is declared now, and was left out of blocks that have it' })
  }
  if (!isStillIgnoring || !removals.includes(rule)) return change
  const { before, after } = rest
  const values = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }
  return declareChange(rule, { path, ...values, what: 'is left out of blocks now, and had an effect' })
}
