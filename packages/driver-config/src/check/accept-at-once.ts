import { isJsonObject, type JsonObject } from '../envelope/json-value.js'
import type { AcceptedConfig } from '../issue/check-result.js'
import { ownerTitle } from '../issue/owner-title.js'
import { deepFreeze } from '../schema/deep-freeze.js'
import { type Budget, memberBytes, newBudget, unitBytes } from './budget.js'
import { declined, isSpent } from './copy-plain.js'
import { applyDefaults } from './defaults.js'
import { isWellFormed } from './is-well-formed.js'
import type { ConfigLimits } from './limits.js'
import type { ConfigLineage, ConfigVersion, ParseContext } from './lineage.js'
import { markerKey, schemaKey } from './marker.js'
import { runRules } from './rules.js'

/**
 * Accepts a block that gives rise to no issue and no warning, in one pass over it; `undefined` says nothing, the steps of the
 * pipeline then judge the block. The two agree: what is accepted here is what the pipeline accepts, with the same value.
 */
export function acceptAtOnce(
  block: unknown,
  lineage: ConfigLineage,
  context: ParseContext,
): AcceptedConfig<JsonObject> | undefined {
  if (typeof block !== 'object' || block === null || context.policy !== undefined || context.strict === true)
    return undefined
  if (!isSoundRealm()) return undefined
  try {
    const version = declaredVersion(block, lineage)
    if (version === undefined || !isQuiet(version, lineage)) return undefined
    const budget = newBudget()
    if (!acceptHead(block, budget, lineage.limits)) return undefined
    const value = acceptVersion(version, block, budget, lineage, context)
    if (value === undefined || isSpent(budget, lineage.limits)) return undefined
    const digest = lineage.current.digests.shape
    return { ok: true, value, warnings: noWarnings, declaredVersion: version.number, arrival: 'present', digest }
  } catch {
    // A getter or proxy threw: the guard reports where.
    return undefined
  }
}

const noWarnings = Object.freeze([])

/** Counts the members that acceptors skip, generously; false when `$schema` is anything but a text within the limits. */
function acceptHead(block: object, budget: Budget, { stringLength }: ConfigLimits): boolean {
  budget.keys += 2
  budget.bytes += (markerKey.length + schemaKey.length) * unitBytes + 2 * memberBytes
  if (!Object.hasOwn(block, schemaKey)) return true
  const schema: unknown = Reflect.get(block, schemaKey)
  if (typeof schema !== 'string' || schema.length > stringLength || !isWellFormed(schema)) return false
  budget.bytes += schema.length * unitBytes
  return true
}

function declaredVersion(block: object, lineage: ConfigLineage): ConfigVersion | undefined {
  if (!Object.hasOwn(block, markerKey)) return lineage.versions.get(lineage.baseline)
  const marker: unknown = Reflect.get(block, markerKey)
  return typeof marker === 'number' ? lineage.versions.get(marker) : undefined
}

/** True when a valid block of the version gives neither warnings nor gate decisions. */
function isQuiet(version: ConfigVersion, lineage: ConfigLineage): boolean {
  const isSettled = version.status === 'stable' || version.status === 'beta'
  return isSettled && version.isPlain && lineage.gates.length === 0
}

function acceptVersion(
  version: ConfigVersion,
  block: object,
  budget: Budget,
  lineage: ConfigLineage,
  context: ParseContext,
): JsonObject | undefined {
  if (version.rules.length === 0) {
    const value = version.acceptComplete(block, budget)
    return value === declined || !isJsonObject(value) ? undefined : value
  }
  const body = version.acceptBody(block, budget)
  if (body === declined || !isJsonObject(body)) return undefined
  const { request = {} } = context
  const site = { root: lineage.root, schemaVersion: version.number }
  const situation = { site, node: version.node, request, title: ownerTitle(lineage, context.driverVersion) }
  const issues = runRules(version.rules, body, [], situation)
  return issues.length > 0 ? undefined : deepFreeze(applyDefaults(version.node, body) as JsonObject)
}

/** False when some code has given every object of the realm an enumerable member, which acceptors would take for its own. */
function isSoundRealm(): boolean {
  for (const _ in nothing) return false
  return true
}

const nothing = Object.freeze({})
