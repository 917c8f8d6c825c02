import { checkPattern, requireFastPattern } from './pattern-subset.js'
import {
  type ReadNested,
  readAnnotations,
  readCount,
  requireRoom,
  requireSchemaSource,
  type SchemaSource,
} from './schema-keywords.js'
import type { MapNode, ObjectNode, PropertyNode, SchemaNode } from './schema-node.js'
import { SchemaProblem } from './schema-problem.js'

// Those of the two TypeBox lines, and what a published schema writes for any key without control characters.
const anyKeyPatterns = new Set(['^.*$', '^(.*)$', '^\\P{Cc}*$'])
const objectKeywords = ['properties', 'required', 'additionalProperties']
const mapKeywords = ['additionalProperties', 'patternProperties', 'propertyNames', 'minProperties', 'maxProperties']

/** Reads a closed object, or an object with free keys. */
export function readObjectSchema(source: SchemaSource, pointer: string, nested: ReadNested): ObjectNode | MapNode {
  const properties = requireSchemaSource(source['properties'] ?? {}, `${pointer}/properties`)
  const additional = source['additionalProperties']
  const isMap = source['patternProperties'] !== undefined || (typeof additional === 'object' && additional !== null)
  if (isMap && Object.keys(properties).length === 0) return readMap(source, pointer, nested)
  if (additional !== undefined && additional !== false) {
    const advice = 'Remove additionalProperties, or put free keys into a field of their own: a record, or extensions().'
    throw new SchemaProblem(`${pointer}/additionalProperties`, 'objects are closed.', advice)
  }
  const annotations = readAnnotations(source, objectKeywords, pointer)
  const required = readRequired(source, properties, pointer)
  const declared = Object.entries(properties).map(([name, schema]): [string, PropertyNode] => {
    requirePropertyName(name, `${pointer}/properties/${name}`)
    const isRequired = required.has(name)
    return [name, { name, required: isRequired, node: nested(schema, `${pointer}/properties/${name}`, !isRequired) }]
  })
  return { kind: 'object', annotations, properties: new Map(declared) }
}

function readRequired(source: SchemaSource, properties: SchemaSource, pointer: string): Set<string> {
  const required: unknown = source['required'] ?? []
  const names = Array.isArray(required) ? required : [required]
  for (const name of names) {
    if (typeof name === 'string' && Object.hasOwn(properties, name)) continue
    throw new SchemaProblem(`${pointer}/required`, 'a required field is not declared.', 'List declared fields only.')
  }
  return new Set(names)
}

// What path templates are made of, and what no report could show; limits of keys hold for declared ones too.
const unusableName = /[.[\]{}=\p{Cc}]/u
const maximumNameLength = 128

function requirePropertyName(name: string, pointer: string): void {
  if (name in Object.prototype || name === 'prototype' || name === '') {
    throw new SchemaProblem(pointer, 'this name belongs to every JavaScript object.', 'Choose another name.')
  }
  if (!unusableName.test(name) && name.length <= maximumNameLength) return
  const advice = `Write at most ${maximumNameLength} letters, digits, "_" and "-", or use a record for free keys.`
  throw new SchemaProblem(pointer, 'paths could not name this field.', advice)
}

function readMap(source: SchemaSource, pointer: string, nested: ReadNested): MapNode {
  const annotations = readAnnotations(source, [...mapKeywords, 'properties', 'required'], pointer)
  const minProperties = readCount(source, 'minProperties', pointer) ?? 0
  const maxProperties = readCount(source, 'maxProperties', pointer)
  requireRoom(minProperties, maxProperties, `${pointer}/maxProperties`)
  const { keyPattern, value } = readMapEntries(source, pointer, nested)
  return {
    kind: 'map',
    annotations,
    ...(keyPattern === undefined ? {} : { keyPattern }),
    minProperties,
    ...(maxProperties === undefined ? {} : { maxProperties }),
    value,
  }
}

function readMapEntries(
  source: SchemaSource,
  pointer: string,
  nested: ReadNested,
): { keyPattern?: string; value: SchemaNode } {
  const patterns = source['patternProperties']
  if (patterns === undefined) {
    const names = requireSchemaSource(source['propertyNames'] ?? {}, `${pointer}/propertyNames`)
    readAnnotations(names, ['pattern'], `${pointer}/propertyNames`)
    const value = nested(source['additionalProperties'], `${pointer}/additionalProperties`)
    return { ...readKeyPattern(names['pattern'], `${pointer}/propertyNames/pattern`), value }
  }
  const place = `${pointer}/patternProperties`
  const [entry, ...others] = Object.entries(requireSchemaSource(patterns, place))
  if (entry === undefined || others.length > 0 || source['propertyNames'] !== undefined) {
    throw new SchemaProblem(place, 'a record has one key pattern.', 'Write one pattern.')
  }
  return { ...readKeyPattern(entry[0], place), value: nested(entry[1], `${place}/${entry[0]}`) }
}

function readKeyPattern(pattern: unknown, pointer: string): { keyPattern?: string } {
  if (pattern === undefined || (typeof pattern === 'string' && anyKeyPatterns.has(pattern))) return {}
  if (typeof pattern !== 'string') throw new SchemaProblem(pointer, 'a pattern is a text.', 'Write a text.')
  checkPattern(pattern, pointer)
  requireFastPattern(pattern, maximumNameLength, pointer)
  return { keyPattern: pattern }
}
