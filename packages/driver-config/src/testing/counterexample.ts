import type { JsonValue } from '../envelope/json-value.js'
import type { ConfigProperty } from './config-property.js'
import { isTypeBoxCompiler, type SchemaCompiler } from './schema-compiler.js'

/** A document that breaks a promise, as small as it could be made. */
export interface ConfigCounterexample {
  readonly property: ConfigProperty
  /** The version that the document is written in. */
  readonly version: number
  /** The document, without its marker. */
  readonly document: JsonValue
  /** What happens. */
  readonly problem: string
  /** The seed of the search. */
  readonly seed: number
  /** A line of code that finds it again; it contains the seed. */
  readonly reproduction: string
}

/** Documents that a search makes when nothing else is said. */
export const defaultRuns = 200

/** The seed of a search that names none. */
export const defaultSeed = 1

/** How a counterexample was found. */
export interface SearchSettings {
  readonly seed: number
  readonly runs: number
  readonly compileSchema: SchemaCompiler | undefined
}

/** The line of code that finds a counterexample again: from the seed, or from the document when no seed leads to it. */
export function writeReproduction(
  found: Pick<ConfigCounterexample, 'property' | 'version' | 'document'>,
  { seed, runs, compileSchema }: SearchSettings,
  isGenerated: boolean,
): string {
  const parts = [`property: '${found.property}'`, `version: ${found.version}`, `seed: ${seed}`]
  if (runs !== defaultRuns) parts.push(`runs: ${runs}`)
  if (found.property === 'a fixture still gives what it gave') parts.push('fixtures')
  else if (!isGenerated) parts.push(`documents: [${JSON.stringify(found.document)}]`)
  if (found.property === 'the published schema accepts what the driver accepts')
    parts.push(writeCompiler(compileSchema))
  return `findCounterexamples(config, { ${parts.join(', ')} })`
}

function writeCompiler(compileSchema: SchemaCompiler | undefined): string {
  return isTypeBoxCompiler(compileSchema) ? `compileSchema: (await import('typebox/schema')).Compile` : 'compileSchema'
}

/** A counterexample as the text of a failed test: what is wrong, the seed, the document, and the line that finds it again. */
export function describeCounterexample(found: ConfigCounterexample): string {
  return [
    found.property,
    ...found.problem.split('\n').map((line) => `  ${line}`),
    `  seed ${found.seed}, schema_version ${found.version}, document ${JSON.stringify(found.document)}`,
    `  again: ${found.reproduction}`,
  ].join('\n')
}
