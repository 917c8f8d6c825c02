import { readFileSync } from 'node:fs'

/** One field of a message, as the tables in `data/wire` write it. */
export interface WireField {
  readonly name: string
  readonly number: number
  /** `string`, `repeated x`, `map<k, v>`, `optional x`, or a full message or enum name. */
  readonly type: string
  readonly oneof?: string
  readonly deprecated?: true
  readonly options?: { readonly secret: true }
}

/** One message: its fields, and the numbers that must stay unused. */
export interface WireMessage {
  readonly fields: readonly WireField[]
  readonly reserved?: readonly number[]
}

/** The authorization rule of a method; an absent member is an empty text. */
export interface WireAuthorization {
  readonly auth_mode?: string
  readonly workspace_role?: string
  readonly global_role?: string
  readonly scope?: string
}

/** One method of a service. */
export interface WireMethod {
  readonly kind: string
  readonly input: string
  readonly output: string
  readonly options?: WireAuthorization
}

/** One extension of an options message. */
export interface WireExtension {
  readonly number: number
  readonly extends: string
  readonly type: string
}

/** Everything that one package declares, keyed by full name; extensions by short name. */
export interface WirePackage {
  readonly package: string
  readonly services: Readonly<Record<string, Readonly<Record<string, WireMethod>>>>
  readonly messages: Readonly<Record<string, WireMessage>>
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly extensions?: Readonly<Record<string, WireExtension>>
}

/** Reads one table file, keyed by package name. */
export function readWireTables(fileName: string): Map<string, WirePackage> {
  const text = readFileSync(new URL(`data/wire/${fileName}`, import.meta.url), 'utf8')
  const tables = Object.values(JSON.parse(text) as Record<string, WirePackage>)
  return new Map(tables.map((table) => [table.package, table]))
}

/** The table of one package; a missing one is a mistake in the test. */
export function packageOf(tables: ReadonlyMap<string, WirePackage>, name: string): WirePackage {
  const table = tables.get(name)
  if (!table) throw new Error(`No table for package ${name}; there are ${[...tables.keys()].join(', ')}.`)
  return table
}
