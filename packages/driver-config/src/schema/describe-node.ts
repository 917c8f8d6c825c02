import type { JsonKind, SchemaNode } from './schema-node.js'

const kindNames: Readonly<Record<JsonKind, string>> = {
  null: 'null',
  boolean: 'a boolean',
  number: 'a number',
  string: 'a string',
  list: 'a list',
  object: 'an object',
}

/** A list of values is printed up to this length. */
const maximumPrintedValues = 12

/** The kind of a JSON value in words: `a string`. */
export function describeKind(kind: JsonKind): string {
  return kindNames[kind]
}

/** What a node wants, in words that follow "must be": `a whole number`, `one of "a", "b"`. */
export function describeNode(node: SchemaNode): string {
  switch (node.kind) {
    case 'object':
    case 'map':
    case 'variant':
      return kindNames.object
    case 'list':
    case 'tuple':
      return kindNames.list
    case 'number':
      return node.integer ? 'a whole number' : kindNames.number
    case 'enum':
      return describeValues(node.values)
    case 'kinds':
      return [...node.branches.values()].map(describeNode).sort(nullLast).join(' or ')
    case 'opaque':
      return node.bag ? kindNames.object : 'a JSON value'
    default:
      return kindNames[node.kind]
  }
}

function nullLast(a: string, b: string): number {
  return Number(a === kindNames.null) - Number(b === kindNames.null)
}

/** Declared values in words: `one of "bind", "volume"`, or their number when they are many. */
export function describeValues(values: readonly (string | number | boolean)[]): string {
  const [only, ...others] = values.map((value) => JSON.stringify(value))
  if (others.length === 0) return only ?? 'nothing'
  if (others.length >= maximumPrintedValues) return `one of ${values.length} allowed values`
  return `one of ${[only, ...others].join(', ')}`
}

/** The declared names or values for the `allowed` field of an issue; absent when the list is long. */
export function shortList(names: readonly unknown[]): readonly string[] | undefined {
  return names.length === 0 || names.length > maximumPrintedValues ? undefined : names.map(String)
}

/** The length of a text as a class, so that a report does not tell a secret's length. */
export function describeLength(length: number): string {
  if (length === 0) return 'an empty string'
  const upper = Math.max(8, 2 ** Math.ceil(Math.log2(length)))
  return `a string of ${upper === 8 ? 1 : upper / 2 + 1} to ${upper} characters`
}

/** Number of code points of a text. */
export function countCharacters(text: string): number {
  let count = text.length
  for (let index = 0; index < text.length - 1; index += 1) {
    if ((text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
      count -= 1
      index += 1
    }
  }
  return count
}
