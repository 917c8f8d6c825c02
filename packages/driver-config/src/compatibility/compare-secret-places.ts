import { membersAt } from '../check/members-at.js'
import { isSecretName } from '../check/secret-forms.js'
import { listSecretPlaces } from '../check/secrets.js'
import { isJsonObject, type JsonValue } from '../envelope/json-value.js'
import type { PathToken } from '../issue/path.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { nodesAt } from '../schema/template-of.js'
import { acceptanceOf } from './acceptance.js'
import type { ChangeList } from './change-list.js'

const secretKey = 'api_token'

/**
 * Compares the places where a key such as `api_token` tells that its text is a secret. They are found by the path template
 * that branches of a union share, so that a new branch may guard the keys of an old one.
 */
export function compareSecretPlaces(before: SchemaNode, after: SchemaNode, root: string, changes: ChangeList): void {
  const guarded = listSecretPlaces(before).maps
  for (const template of listSecretPlaces(after).maps) {
    if (guarded.includes(template) || !nodesAt(before, template).some(mayNameSecret)) continue
    const accepts = acceptanceOf(after)
    const witness = changes.showWith(plantKeys(template, changes), (block) => !accepts(block))
    const path = template === '' ? root : `${root}.${template}`
    changes.addShown(path, 'SECRET_ADDED', { what: 'no longer takes texts under keys that name secrets' }, witness)
  }
}

/** True when some value of a node has a text under a key that names a secret. */
function mayNameSecret(node: SchemaNode): boolean {
  switch (node.kind) {
    case 'map':
      return mayBeText(node.value)
    case 'object':
      return [...node.properties.values()].some((member) => isSecretName(member.name) && mayBeText(member.node))
    case 'variant':
    case 'kinds':
      return [...node.branches.values()].some(mayNameSecret)
    default:
      return node.kind === 'opaque'
  }
}

function mayBeText(node: SchemaNode): boolean {
  if (node.kind === 'enum') return node.values.some((value) => typeof value === 'string')
  return node.kind === 'string' || node.kind === 'opaque' || (node.kind === 'kinds' && node.branches.has('string'))
}

function* plantKeys(template: string, changes: ChangeList): Generator<JsonValue> {
  for (const block of changes.blocks()) {
    for (const { tokens, value } of membersAt(block, template)) {
      if (!isJsonObject(value)) continue
      const texts = Object.values(value).filter((member) => typeof member === 'string' && member !== '')
      yield replaceAt(block, tokens, { ...value, [secretKey]: texts[0] ?? 'a' })
      if (texts[0] !== undefined) yield replaceAt(block, tokens, { [secretKey]: texts[0] })
    }
  }
}

function replaceAt(value: JsonValue, tokens: readonly PathToken[], member: JsonValue): JsonValue {
  const [token, ...rest] = tokens
  if (token === undefined) return member
  if (Array.isArray(value)) return value.with(Number(token), replaceAt(value[Number(token)] ?? null, rest, member))
  return isJsonObject(value) ? { ...value, [token]: replaceAt(value[token] ?? null, rest, member) } : value
}
