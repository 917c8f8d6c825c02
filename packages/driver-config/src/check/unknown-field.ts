import type { IssueCode } from '../issue/codes.js'
import type { IssueFields } from '../issue/config-issue.js'
import { formatPath, joinTemplate } from '../issue/path.js'
import { foldName, type NameIndex, suggestFrom } from '../issue/suggest.js'
import { findVersionHint, type VersionHint } from '../issue/version-hints.js'
import { shortList } from '../schema/describe-node.js'
import type { ObjectNode, SchemaNode } from '../schema/schema-node.js'
import { declaredNames, rootNames } from './declared-names.js'
import { markerKey } from './marker.js'
import type { Place, StructureReport } from './structure-report.js'

/** Root keys that people write when they mean the marker; names that fold to it are found without this list. */
const markerNearMisses = new Set(['version', 'apiVersion', 'api_version'])

/** No declared name has one of these, so a key that has one is not the path of a field deeper down. */
const templateCharacters = /[.[\]{}]/

/** Reports a key that is not declared, with the best hint: same level, other versions, near names, other levels. */
export function reportUnknownField(node: ObjectNode, key: string, place: Place, report: StructureReport): void {
  const { code, ...fields } = explainUnknownField(node, key, place, report)
  report.add(code ?? 'UNKNOWN_FIELD', [...place.tokens, key], fields)
}

type Explanation = IssueFields & { readonly code?: IssueCode }

function explainUnknownField(node: ObjectNode, key: string, place: Place, report: StructureReport): Explanation {
  const isRoot = place.isRoot
  const declared = isRoot ? rootNames(node) : declaredNames(node)
  const unknown = `unknown field in ${markerKey} ${report.site.schemaVersion}`
  const folded = foldName(key)
  const same = declared.byFold.get(folded)
  if (same !== undefined) return suggest(unknown, same)
  if (isRoot && markerNearMisses.has(key)) return suggest(unknown, markerKey)
  const other = otherVariants(key, place)
  if (other !== undefined) return describeOtherVariant(unknown, key, place, other)
  const hint = templateCharacters.test(key)
    ? undefined
    : findVersionHint(report.hints, report.site.schemaVersion, joinTemplate(place.template, key))
  if (hint !== undefined) return describeHint(unknown, key, place, hint, report)
  const [near] = suggestFrom(key, declared)
  if (near !== undefined) return suggest(unknown, near)
  const misplaced = findMisplaced(node, folded, place, report.root)
  if (misplaced !== undefined) return suggest(unknown, formatPath(report.site.root, misplaced.split('.')))
  return listAllowed(unknown, declaredNames(node))
}

function suggest(unknown: string, suggestion: string): Explanation {
  const problem = `${unknown}; did you mean "${suggestion}"?`
  return { problem, fix: `Rename the key to "${suggestion}".`, suggestion }
}

function listAllowed(unknown: string, { names, list }: NameIndex): Explanation {
  const allowed = shortList(names)
  if (names.length === 0) return { problem: `${unknown}; no field is allowed here`, fix: 'Remove the key.' }
  if (allowed === undefined) return { problem: unknown, fix: 'Remove the key.' }
  return { problem: `${unknown}; allowed: ${list}`, fix: `Remove the key, or use one of: ${list}.`, allowed }
}

function otherVariants(key: string, place: Place): readonly string[] | undefined {
  const branches = [...(place.variant?.node.branches ?? [])].filter(([, branch]) => branch.properties.has(key))
  return branches.length === 0 ? undefined : branches.map(([value]) => value)
}

function describeOtherVariant(unknown: string, key: string, place: Place, values: readonly string[]): Explanation {
  const { tag = '', value = '' } = place.variant ?? {}
  const owners = values.map((each) => JSON.stringify(each)).join(', ')
  const problem = `${unknown} for ${tag} ${JSON.stringify(value)}; "${key}" belongs to ${tag} ${owners}`
  return { problem, fix: `Remove the key, or change "${tag}" to ${owners}.` }
}

function describeHint(
  unknown: string,
  key: string,
  place: Place,
  hint: VersionHint,
  report: StructureReport,
): Explanation {
  const name = `"${key}"`
  switch (hint.type) {
    case 'newer': {
      const marker = `"${markerKey}": ${hint.version}`
      const reason = report.markerWritten ? '' : ` (no ${markerKey} given, so ${report.site.schemaVersion} was used)`
      const verb = report.markerWritten ? 'set' : 'add'
      const problem = `${unknown}; ${name} exists in ${markerKey} ${hint.version}; ${verb} ${marker} to use it${reason}`
      const fix = `${report.markerWritten ? 'Set' : 'Add'} ${marker} and update the other fields, or remove the key.`
      return { problem, fix, otherVersion: hint.version }
    }
    case 'replaced': {
      const replacement = shortenTemplate(hint.by, place.template)
      const problem = `${name} was replaced by "${replacement}" in ${markerKey} ${hint.version}`
      const fix = `Use "${replacement}".`
      return { code: 'FIELD_REPLACED', problem, fix, suggestion: replacement, otherVersion: hint.version }
    }
    case 'removed': {
      const problem = `${unknown}; ${name} was removed in ${markerKey} ${hint.version}`
      return { problem, fix: 'Remove the key.', otherVersion: hint.version }
    }
  }
}

/** The name alone when the replacement is on the same level, else its whole path template. */
function shortenTemplate(template: string, level: string): string {
  const prefix = level === '' ? '' : `${level}.`
  const name = template.startsWith(prefix) ? template.slice(prefix.length) : template
  return /^[^.[{]+$/.test(name) ? name : template
}

/** A field of the same name one level down or one level up, as a dotted path from the root. */
function findMisplaced(node: ObjectNode, folded: string, place: Place, root: SchemaNode): string | undefined {
  if (place.tokens.some((token) => typeof token === 'number')) return undefined
  const level = place.tokens.map(String)
  for (const property of node.properties.values()) {
    const child = property.node.kind === 'object' ? nameWithin(property.node, folded) : undefined
    if (child !== undefined) return [...level, property.name, child].join('.')
  }
  if (level.length === 0) return undefined
  const parent = objectAt(root, level.slice(0, -1))
  const sibling = parent === undefined ? undefined : nameWithin(parent, folded)
  return sibling === undefined ? undefined : [...level.slice(0, -1), sibling].join('.')
}

function nameWithin(node: ObjectNode, folded: string): string | undefined {
  return declaredNames(node).byFold.get(folded)
}

function objectAt(root: SchemaNode, names: readonly string[]): ObjectNode | undefined {
  const node = names.reduce<SchemaNode | undefined>(
    (parent, name) => (parent?.kind === 'object' ? parent.properties.get(name)?.node : undefined),
    root,
  )
  return node?.kind === 'object' ? node : undefined
}
