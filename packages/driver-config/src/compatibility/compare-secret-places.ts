import { membersAt } from '../check/members-at.js'
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
    if (guarded.includes(template) || nodesAt(before, template).length === 0) continue
    const accepts = acceptanceOf(after)
    const witness = changes.showWith(plantKeys(template, changes), (block) => !accepts(block))
    const path = template === '' ? root : `${root}.${template}`
    changes.addShown(path, 'SECRET_ADDED', { what: 'no longer takes texts under keys that name secrets' }, witness)
  }
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
