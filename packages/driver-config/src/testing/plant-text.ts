import { membersAt } from '../check/members-at.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { type PathToken, toPointer } from '../issue/path.js'
import { listTemplates } from '../schema/list-templates.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { pick, type Random } from './seeded-random.js'

/** A text that stands in no schema and no message, so that whoever prints it read it from the document. */
export const plantedText = 'planted-text-4c1f'
/** The same for texts that have the form of a secret. */
export const plantedSecret = `${'AKIA'}PLANTED0SECRET00`

const forms = [plantedText, `/${plantedText}`, `${plantedText}/x`, plantedSecret, `key ${plantedSecret}`]

interface Place {
  readonly tokens: readonly PathToken[]
  readonly value: JsonValue
}

/**
 * Copies of a document with a planted text in one place: instead of a text, which the version may accept, instead of another
 * value, or under a key that nobody declared. Fields that are declared printable stay as they are.
 */
export function plantText(random: Random, document: JsonObject, node: SchemaNode): JsonObject {
  const printable = new Set(
    listTemplates(node)
      .filter((entry) => entry.node.annotations['x-printable'] !== undefined)
      .flatMap((entry) => membersAt(document, entry.template).map(({ tokens }) => toPointer(tokens))),
  )
  const places = placesIn(document, []).filter(({ tokens }) => !printable.has(toPointer(tokens)))
  const texts = places.filter(({ value }) => typeof value === 'string')
  const planted = pick(random, forms)
  const action = random()
  if (action < 0.2 || places.length === 0)
    return { ...document, [pick(random, ['zzz', 'schema_version', '$schema'])]: planted }
  const { tokens } = pick(random, action < 0.8 && texts.length > 0 ? texts : places)
  return replaceAt(document, tokens, planted) as JsonObject
}

function placesIn(value: JsonValue, tokens: readonly PathToken[]): Place[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => placesIn(item, [...tokens, index]))
  if (!isJsonObject(value)) return [{ tokens, value }]
  return Object.entries(value).flatMap(([key, member]) => placesIn(member, [...tokens, key]))
}

function replaceAt(value: JsonValue, [token, ...rest]: readonly PathToken[], planted: string): JsonValue {
  if (token === undefined) return planted
  if (Array.isArray(value)) return value.with(Number(token), replaceAt(value[Number(token)] ?? null, rest, planted))
  if (!isJsonObject(value)) return value
  return { ...value, [token]: replaceAt(value[token] ?? null, rest, planted) }
}
