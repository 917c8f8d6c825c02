import { type Deprecations, parseDeprecatedPlace } from '../check/deprecation.js'
import type { ConfigRule } from '../check/rules.js'
import { suggestNames } from '../issue/suggest.js'
import type { Replacements } from '../issue/version-hints.js'
import { listTemplates } from '../schema/list-templates.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { nodesAt, stepsOf } from '../schema/template-of.js'

/** Refuses deprecations of fields and values that the version does not have: their warnings would never come. */
export function proveDeprecations(deprecations: Deprecations, node: SchemaNode): void {
  for (const place of Object.keys(deprecations)) {
    const { template, value } = parseDeprecatedPlace(place)
    proveDeclared(template, node, `"${place}" is deprecated and not declared.`)
    if (value === undefined || nodesAt(node, template).some((each) => takesValue(each, value))) continue
    throw new SchemaProblem('', `"${place}" is deprecated and no value of the field.`, 'Name a value of the field.')
  }
}

/** Refuses rules that read what the version does not have: they would judge nothing, in silence. */
export function proveReads(rules: readonly ConfigRule<never>[], node: SchemaNode): void {
  for (const { name, reads } of rules) {
    for (const template of reads) {
      proveDeclared(template, node, `the rule "${name}" reads "${template}", which is not declared.`)
    }
  }
}

/** Refuses replacements from what the version before does not have, or to what this one does not have. */
export function proveReplacements(replaces: Replacements, before: SchemaNode, node: SchemaNode): void {
  for (const [from, to] of Object.entries(replaces)) {
    proveDeclared(from, before, `"${from}" is replaced, and the version before does not declare it.`)
    proveDeclared(to, node, `"${to}" replaces "${from}", and this version does not declare it.`)
  }
}

/** Refuses a path template that names no field; what lies in unchecked JSON may be named. */
export function proveDeclared(template: string, node: SchemaNode, problem: string): void {
  let nodes: readonly SchemaNode[] = [node]
  for (const step of stepsOf(template)) {
    if (nodes.some((each) => each.kind === 'opaque')) return
    nodes = nodes.flatMap((each) => nodesAt(each, step))
  }
  if (nodes.length > 0) return
  const [near] = suggestNames(
    template,
    listTemplates(node).map((entry) => entry.template),
  )
  throw new SchemaProblem('', problem, near === undefined ? 'Name a field of the version.' : `Write "${near}".`)
}

function takesValue(node: SchemaNode, text: string): boolean {
  if (node.kind === 'kinds') return [...node.branches.values()].some((branch) => takesValue(branch, text))
  if (node.kind === 'enum') return node.values.some((value) => String(value) === text)
  return node.kind === 'string' || node.kind === 'number' || node.kind === 'boolean'
}
