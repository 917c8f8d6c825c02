import type { JsonObject } from '../envelope/json-value.js'

/** The check of a compiled JSON Schema. */
export type CompiledSchema = ((document: unknown) => boolean) | { readonly Check: (document: unknown) => boolean }

/**
 * Compiles a JSON Schema 2020-12. `Compile` of `typebox/schema` is one; so is Ajv's `compile` for that draft, with formats left
 * alone.
 */
export type SchemaCompiler = (schema: JsonObject) => CompiledSchema

let typeBoxCompiler: SchemaCompiler | undefined

/** The compiler of TypeBox 1.x; `undefined` where it is not installed. */
export async function loadTypeBoxCompiler(): Promise<SchemaCompiler | undefined> {
  try {
    const { Compile } = await import('typebox/schema')
    typeBoxCompiler = Compile as SchemaCompiler
  } catch {
    return undefined
  }
  return typeBoxCompiler
}

/** True for what `loadTypeBoxCompiler` gave. */
export function isTypeBoxCompiler(compiler: SchemaCompiler | undefined): boolean {
  return compiler !== undefined && compiler === typeBoxCompiler
}

/** A compiled schema as a function. */
export function toCheck(compiled: CompiledSchema): (document: unknown) => boolean {
  return typeof compiled === 'function' ? compiled : (document) => compiled.Check(document)
}
