import { forbiddenKeys } from '../check/copy-plain.js'
import { checkStructure } from '../check/structure.js'
import { StructureReport } from '../check/structure-report.js'
import { isJsonObject, type JsonValue } from '../envelope/json-value.js'
import { type CodecName, codecNames, convert } from '../operations/convert.js'
import { convertUnit, type Unit, unitNames } from '../operations/convert-unit.js'
import { drop } from '../operations/drop.js'
import { each, inVariant } from '../operations/each.js'
import { mapEnum } from '../operations/map-enum.js'
import { move, rename } from '../operations/move.js'
import type { Operation } from '../operations/operation.js'
import { setDefault } from '../operations/set-default.js'
import { unwrap, wrap, wrapList } from '../operations/wrap.js'
import { readSchema } from '../schema/read-schema.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'

/** True when no step is code, at any level. */
export function isPortable(ops: readonly JsonValue[]): boolean {
  return ops.every((op) => !isJsonObject(op) || (op['op'] !== 'code' && isPortable(nestedOperations(op))))
}

/** The operations inside of one. */
export function nestedOperations(op: JsonValue): readonly JsonValue[] {
  const inner = isJsonObject(op) ? op['ops'] : undefined
  return Array.isArray(inner) ? inner : []
}

/**
 * Operations from their data.
 *
 * @throws SchemaProblem, with a pointer into the list, for data that no operation writes.
 */
export function readOperations(ops: readonly JsonValue[], pointer = ''): Operation[] {
  return ops.map((op, index) => readOperation(op, `${pointer}/${index}`))
}

// Each operation by its data, once its shape is proven.
const readers: Readonly<Record<string, (data: never, pointer: string) => Operation>> = {
  rename: ({ path, to }: Texts) => rename(path, to),
  move: ({ path, to }: Texts) => move(path, to),
  drop: ({ path, reason }: Texts) => drop(path, { reason }),
  setDefault: ({ path, value }: { path: string; value: JsonValue }) => setDefault(path, value),
  wrap: ({ path, key }: Texts) => wrap(path, key),
  unwrap: ({ path, key }: Texts) => unwrap(path, key),
  wrapList: ({ path }: Texts) => wrapList(path),
  mapEnum: ({ path, table }: { path: string; table: Record<string, string> }) => mapEnum(path, table),
  convertUnit: ({ path, from, to }: { path: string; from: Unit; to: Unit }) => convertUnit(path, { from, to }),
  convert: ({ path, codec }: { path: string; codec: CodecName }) => convert(path, codec),
  each: ({ path, ops }: Nested, pointer) => each(path, readOperations(ops, `${pointer}/ops`)),
  inVariant: ({ path, value, ops }: Nested, pointer) => inVariant(path, value, readOperations(ops, `${pointer}/ops`)),
}

type Texts = { readonly path: string; readonly to: string; readonly reason: string; readonly key: string }
type Nested = { readonly path: string; readonly value: string; readonly ops: readonly JsonValue[] }

function readOperation(data: JsonValue, pointer: string): Operation {
  const report = new StructureReport({ root: 'operation', schemaVersion: 0 }, operationShape(), [], true)
  checkStructure(operationShape(), data, report)
  const [issue] = report.issues
  if (issue !== undefined) {
    throw new SchemaProblem(`${pointer}${issue.pointer}`, `${issue.message}.`, issue.fix ?? 'Correct it.')
  }
  const { op, path, to, key } = data as { readonly [name: string]: string }
  for (const name of [path, to, key].flatMap((text) => text?.match(/[^.[\]{}]+/g) ?? [])) {
    if (!forbiddenKeys.has(name)) continue
    throw new SchemaProblem(pointer, `"${name}" is no name of a field.`, 'Name a declared field.')
  }
  // Each reader takes the operation of its own name, and the shape of the bundle has been held before.
  return locate(pointer, () => readers[op ?? '']?.(data as never, pointer) ?? refuse())
}

function refuse(): never {
  throw new SchemaProblem('', 'this operation is not known.', 'Name one of the operations.')
}

/** Operations refuse what they are given without knowing where it stands. */
function locate(pointer: string, read: () => Operation): Operation {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof SchemaProblem) || error.pointer !== '') throw error
    throw new SchemaProblem(pointer, error.problem, error.hint)
  }
}

let shape: SchemaNode | undefined

/** What the data of an operation looks like; what is nested is looked at when its turn comes. */
function operationShape(): SchemaNode {
  shape ??= readSchema({ anyOf: Object.entries(members).map(([op, own]) => branch(op, own)) })
  return shape
}

const text = { type: 'string', minLength: 1, maxLength: 512 }
const nested = { type: 'array', items: { 'x-opaque': 'an operation' }, maxItems: 256 }

const members: Readonly<Record<string, object>> = {
  rename: { to: text },
  move: { to: text },
  drop: { reason: { type: 'string', maxLength: 1_024 } },
  setDefault: { value: { 'x-opaque': 'any value' } },
  wrap: { key: text },
  unwrap: { key: text },
  wrapList: {},
  mapEnum: { table: { type: 'object', additionalProperties: { type: 'string', maxLength: 1_024 } } },
  convertUnit: { from: { enum: unitNames }, to: { enum: unitNames } },
  convert: { codec: { enum: codecNames } },
  each: { ops: nested },
  inVariant: { value: text, ops: nested },
}

function branch(op: string, own: object): object {
  const properties = { op: { const: op }, path: text, ...own }
  return { type: 'object', properties, required: Object.keys(properties) }
}
