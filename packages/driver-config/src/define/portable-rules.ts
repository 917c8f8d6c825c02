import type { ConfigVersion } from '../check/lineage.js'
import type { ConfigRule, FieldConstant } from '../check/rules.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { readsNullAsAbsent } from '../schema/null-means-absent.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { childrenOf, nodesAt, stepsOf } from '../schema/template-of.js'

/** The rules of a version that its published schema holds as keywords; those that only warn refuse nothing and are left out. */
export function portableRules({ node, rules }: Pick<ConfigVersion, 'node' | 'rules'>): readonly ConfigRule<never>[] {
  return rules.filter(({ portable, enforce }) => {
    if (portable === undefined || enforce === 'warn' || portable.first === portable.second) return false
    const names = [lastStep(portable.first), lastStep(portable.second)]
    if (names.some((name) => name === '[]' || name === '{}')) return false
    // A null that means absent is there for a keyword.
    const members = [portable.first, portable.second].flatMap((template) => nodesAt(node, template))
    return !members.some(readsNullAsAbsent) && isDeclaredAlone(node, parentSteps(portable.first))
  })
}

/**
 * Adds the portable rules of a version to its schema as `dependentRequired`, `not` and `if`/`then`, in the object whose members they name, and
 * lists the other rules in `x-rules`.
 */
export function writeRules(schema: JsonObject, version: Pick<ConfigVersion, 'node' | 'rules'>): JsonObject {
  const portable = portableRules(version)
  const written = portable.reduce(writeRule, schema)
  const prose = version.rules.filter((rule) => rule.enforce !== 'warn' && !portable.includes(rule))
  return prose.length === 0 ? written : { ...written, 'x-rules': prose.map(describeRule) }
}

function describeRule({ name, revision = 1, reads, description }: ConfigRule<never>): JsonObject {
  return { name, revision, reads: [...reads], ...(description === undefined ? {} : { description }) }
}

function writeRule(schema: JsonObject, { portable }: ConfigRule<never>): JsonObject {
  if (portable === undefined) return schema
  const [first, second] = [lastStep(portable.first), lastStep(portable.second)]
  return changeObjects(schema, parentSteps(portable.first), (object) => {
    if (portable.kind === 'implies') {
      return addImplication(object, [first, portable.firstIs], [second, portable.secondIs])
    }
    return portable.kind === 'requires' ? addRequirement(object, first, second) : addExclusion(object, first, second)
  })
}

function addImplication(
  object: JsonObject,
  when: readonly [string, FieldConstant],
  then: readonly [string, FieldConstant],
): JsonObject {
  const has = ([name, value]: readonly [string, FieldConstant]): JsonObject => ({
    properties: { [name]: { const: value } },
    required: [name],
  })
  const { allOf } = object
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, in an object that nobody awaits.
  const implication = { if: has(when), then: has(then) }
  return { ...object, allOf: [...(Array.isArray(allOf) ? allOf : []), implication] }
}

function addRequirement(object: JsonObject, field: string, other: string): JsonObject {
  const { dependentRequired } = object
  const needs = isJsonObject(dependentRequired) ? dependentRequired : {}
  const others = Object.hasOwn(needs, field) ? (needs[field] as readonly JsonValue[]) : []
  return { ...object, dependentRequired: { ...needs, [field]: [...new Set([...others, other])] } }
}

function addExclusion(object: JsonObject, first: string, second: string): JsonObject {
  const pair = { required: [first, second] }
  const { not } = object
  if (!isJsonObject(not)) return { ...object, not: pair }
  return { ...object, not: { anyOf: Array.isArray(not['anyOf']) ? [...not['anyOf'], pair] : [not, pair] } }
}

/** A copy of a schema in which the objects at a place are changed, in every branch of a union. */
function changeObjects(
  schema: JsonObject,
  steps: readonly string[],
  change: (object: JsonObject) => JsonObject,
): JsonObject {
  const { anyOf, properties, items, prefixItems, additionalProperties } = schema
  const inside = (value: JsonValue, rest: readonly string[]): JsonValue =>
    isJsonObject(value) ? changeObjects(value, rest, change) : value
  if (Array.isArray(anyOf)) return { ...schema, anyOf: anyOf.map((branch) => inside(branch, steps)) }
  const [step, ...rest] = steps
  if (step === undefined) return isJsonObject(properties) ? change(schema) : schema
  if (step === '[]') {
    if (Array.isArray(prefixItems)) return { ...schema, prefixItems: prefixItems.map((item) => inside(item, rest)) }
    return items === undefined ? schema : { ...schema, items: inside(items, rest) }
  }
  if (step === '{}') {
    return additionalProperties === undefined
      ? schema
      : { ...schema, additionalProperties: inside(additionalProperties, rest) }
  }
  const member = isJsonObject(properties) && Object.hasOwn(properties, step) ? properties[step] : undefined
  if (!isJsonObject(properties) || member === undefined) return schema
  return { ...schema, properties: { ...properties, [step]: inside(member, rest) } }
}

/**
 * True when a place lies in declared objects in every branch. A rule looks by name into free keys and unchecked JSON too, where no
 * keyword can stand.
 */
function isDeclaredAlone(root: SchemaNode, steps: readonly string[]): boolean {
  let nodes = branchesOf(root)
  for (const step of steps) {
    const other = step === '{}' ? 'object' : step === '[]' ? undefined : 'map'
    if (nodes.some(({ kind }) => kind === 'opaque' || kind === other)) return false
    nodes = nodes.flatMap((node) => childrenOf(node, step)).flatMap(branchesOf)
  }
  return nodes.every(({ kind }) => kind !== 'opaque' && kind !== 'map')
}

function branchesOf(node: SchemaNode): readonly SchemaNode[] {
  if (node.kind !== 'variant' && node.kind !== 'kinds') return [node]
  return [...new Set<SchemaNode>(node.branches.values())].flatMap(branchesOf)
}

function parentSteps(template: string): readonly string[] {
  return stepsOf(template).slice(0, -1)
}

function lastStep(template: string): string {
  return stepsOf(template).at(-1) ?? ''
}
