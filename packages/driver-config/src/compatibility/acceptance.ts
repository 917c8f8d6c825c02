import { dropAbsentNulls } from '../check/drop-absent-nulls.js'
import { guardValue } from '../check/guard.js'
import { defaultLimits } from '../check/limits.js'
import { findSecrets, listSecretPlaces } from '../check/secrets.js'
import { checkStructure } from '../check/structure.js'
import { StructureReport } from '../check/structure-report.js'
import { isJsonObject, type JsonValue } from '../envelope/json-value.js'
import type { SchemaNode } from '../schema/schema-node.js'

/** Says whether a schema accepts a block. */
export type Acceptance = (block: JsonValue) => boolean

const site = { root: 'driver_config', schemaVersion: 0 }

/**
 * What a schema accepts in the default limits: structure and secrets, as a driver checks them. Rules and gates are no part of
 * a schema.
 */
export function acceptanceOf(node: SchemaNode): Acceptance {
  const places = listSecretPlaces(node)
  return (block) => {
    const guarded = guardValue(block, defaultLimits, site)
    if (!guarded.ok || !isJsonObject(guarded.value)) return false
    const value = dropAbsentNulls(node, guarded.value)
    const report = new StructureReport(site, node, [], true)
    checkStructure(node, value, report)
    if (report.issues.length > 0) return false
    const secrets = findSecrets({ value, mayHoldSecret: guarded.mayHoldSecret }, places, '', site)
    return !secrets.some((issue) => issue.code === 'SECRET_NOT_ALLOWED')
  }
}

/** The same for a value of any kind, as an optional member of a block. */
export function memberAcceptanceOf(node: SchemaNode): Acceptance {
  const properties = new Map([['value', { name: 'value', required: false, node }]])
  const accepts = acceptanceOf({ kind: 'object', annotations: {}, properties })
  return (value) => accepts({ value })
}
