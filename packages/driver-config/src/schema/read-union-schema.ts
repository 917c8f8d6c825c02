import { type ReadNested, readAnnotations, type SchemaSource } from './schema-keywords.js'
import { type JsonKind, kindOf, kindOfNode, type ObjectNode, type SchemaNode, type VariantNode } from './schema-node.js'
import { SchemaProblem } from './schema-problem.js'

const advice =
  'Give every object of the union one required field with a constant text of its own, or use branches of different JSON kinds.'

/** Reads `anyOf`: constants become an enum; other branches must be told apart by their kind or by a constant text. */
export function readUnionSchema(source: SchemaSource, pointer: string, nested: ReadNested): SchemaNode {
  const annotations = readAnnotations(source, ['anyOf'], pointer)
  const schemas = source['anyOf']
  if (!Array.isArray(schemas) || schemas.length === 0) {
    throw new SchemaProblem(`${pointer}/anyOf`, 'a union needs branches.', 'List the branches.')
  }
  const branches = schemas.flatMap((schema, index) => splitKinds(nested(schema, `${pointer}/anyOf/${index}`)))
  const byKind = new Map<JsonKind, SchemaNode>()
  for (const kind of new Set(branches.map((branch) => requireKind(branch, pointer)))) {
    const sameKind = branches.filter((branch) => kindOfNode(branch) === kind)
    byKind.set(kind, sameKind.length === 1 && sameKind[0] ? sameKind[0] : mergeBranches(sameKind, pointer))
  }
  const [only] = byKind.values()
  if (byKind.size === 1 && only !== undefined) return { ...only, annotations: { ...only.annotations, ...annotations } }
  const enums = [...byKind.values()].flatMap((branch) => (branch.kind === 'enum' ? branch.values : []))
  if ([...byKind.values()].every((branch) => branch.kind === 'enum'))
    return { kind: 'enum', annotations, values: enums }
  return { kind: 'kinds', annotations, branches: byKind }
}

function splitKinds(branch: SchemaNode): readonly SchemaNode[] {
  if (branch.kind === 'kinds') return [...branch.branches.values()]
  if (branch.kind !== 'enum') return [branch]
  const kinds = [...new Set(branch.values.map(kindOf))]
  return kinds.map((kind) => ({ ...branch, values: branch.values.filter((value) => kindOf(value) === kind) }))
}

function requireKind(branch: SchemaNode, pointer: string): JsonKind {
  const kind = kindOfNode(branch)
  if (kind !== undefined) return kind
  throw new SchemaProblem(pointer, 'a branch of this union accepts any kind of value.', advice)
}

function mergeBranches(branches: readonly SchemaNode[], pointer: string): SchemaNode {
  if (branches.every((branch) => branch.kind === 'enum')) {
    const values = branches.flatMap((branch) => branch.values)
    if (new Set(values).size === values.length) return { kind: 'enum', annotations: {}, values }
  }
  const objects = branches.flatMap((branch) => flattenVariants(branch))
  const isAllObjects = objects.every((branch): branch is ObjectNode => branch.kind === 'object')
  const variant = isAllObjects ? findTag(objects) : undefined
  if (variant === undefined) throw new SchemaProblem(pointer, 'the branches cannot be told apart.', advice)
  return variant
}

function flattenVariants(branch: SchemaNode): readonly SchemaNode[] {
  return branch.kind === 'variant' ? [...new Set(branch.branches.values())] : [branch]
}

function findTag(objects: readonly ObjectNode[]): VariantNode | undefined {
  for (const tag of objects[0]?.properties.keys() ?? []) {
    const entries = objects.flatMap((branch) =>
      tagValues(branch, tag).map((value): [string, ObjectNode] => [value, branch]),
    )
    const branches = new Map(entries)
    const isTag = objects.every((branch) => tagValues(branch, tag).length > 0)
    if (isTag && branches.size === entries.length) return { kind: 'variant', annotations: {}, tag, branches }
  }
  return undefined
}

function tagValues(branch: ObjectNode, tag: string): string[] {
  const property = branch.properties.get(tag)
  if (property?.required !== true || property.node.kind !== 'enum') return []
  const values = property.node.values.filter((value) => typeof value === 'string')
  return values.length === property.node.values.length ? values : []
}
