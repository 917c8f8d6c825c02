import { annotate } from './annotate.js'
import type { SchemaNode } from './schema-node.js'
import { SchemaProblem } from './schema-problem.js'

/** The keyword of a member whose null counts as missing. */
export const nullKeyword = 'x-null-means-absent'

/**
 * Takes null on an optional member as if the member were missing: `Type.Optional(nullMeansAbsent(Type.String()))`.
 *
 * For drivers that adopt a config whose clients send null already; new fields need no second way to be absent. The null goes no
 * further than the check: the member gets its default, and rules, migrations, handlers and stored configs never see it, which is
 * why the type of the member stays as it is. The published schema takes null beside the schema's own values.
 *
 * `build` refuses it on a required member, on anything that is no member of an object, and on a schema that takes null itself.
 */
export function nullMeansAbsent<Schema extends object>(schema: Schema): Schema {
  return annotate(schema, { [nullKeyword]: true })
}

/** True for the schema of a member whose null counts as missing. */
export function readsNullAsAbsent({ annotations }: SchemaNode): boolean {
  return annotations[nullKeyword] === true
}

/**
 * Refuses `nullMeansAbsent` where nothing can be absent, and where null has a meaning.
 *
 * @throws SchemaProblem with the place.
 */
export function proveAbsentNull(node: SchemaNode, isOptionalMember: boolean, pointer: string): void {
  if (!readsNullAsAbsent(node)) return
  if (!isOptionalMember) {
    const hint = 'Make the member optional, or remove nullMeansAbsent.'
    throw new SchemaProblem(`${pointer}/${nullKeyword}`, 'only an optional member can be absent.', hint)
  }
  if (!takesNull(node)) return
  const hint = 'Remove nullMeansAbsent, or the null of the schema.'
  throw new SchemaProblem(`${pointer}/${nullKeyword}`, 'the schema takes null as a value.', hint)
}

function takesNull(node: SchemaNode): boolean {
  if (node.kind === 'kinds') return node.branches.has('null')
  return node.kind === 'null' || (node.kind === 'opaque' && !node.bag)
}
