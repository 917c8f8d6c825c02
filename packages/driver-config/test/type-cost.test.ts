import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('.', import.meta.url))
const fileName = `${folder}generated-chain.ts`
const union = `T.Union([
  T.Object({ type: T.Literal('bind'), source: T.String() }),
  T.Object({ type: T.Literal('volume'), source: T.String(), subpath: T.Optional(T.String()) }),
  T.Object({ type: T.Literal('tmpfs'), size: T.Optional(T.Integer()) }),
])`

/** A chain of versions with 30 fields and a union each, alternating the TypeBox lines; each renames one field. */
function chainSource(versions: number): string {
  const lines = ["import { Type as Earlier } from '@sinclair/typebox'", "import Type from 'typebox'"]
  lines.push("import { defineDriverConfig } from '../src/index.js'")
  const calls: string[] = []
  for (let version = 1; version <= versions; version += 1) {
    const fields = Array.from(
      { length: 28 },
      (_, index) => `field_${index}: T.Optional(T.${['String', 'Integer', 'Boolean'][index % 3]}())`,
    )
    const schema = `T.Object({ name_${version}: T.String(), mounts: T.Array(${union}), ${fields.join(', ')} })`
    lines.push(`const V${version} = ${schema.replaceAll('T.', version % 2 === 0 ? 'Type.' : 'Earlier.')}`)
    const value = `{ name_${version}: 'x', mounts: [] }`
    const invalid = "[{ value: 5, code: 'CONFIG_NOT_OBJECT', path: 'driver_config' }]"
    const examples = `examples: { minimal: ${value}, full: ${value}, invalid: ${invalid} }`
    const up = `up: ({ name_${version - 1}, ...rest }) => ({ ...rest, name_${version}: name_${version - 1} })`
    calls.push(`.version(${version}, V${version}, { ${version === 1 ? examples : `${examples}, ${up}`} })`)
  }
  return [...lines, `export const config = defineDriverConfig('acme')${calls.join('')}.build()`].join('\n')
}

function compile(source: string): ts.Program {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === fileName || fileExists(name)
  host.getSourceFile = (name, target, ...rest) =>
    name === fileName ? ts.createSourceFile(name, source, target) : getSourceFile(name, target, ...rest)
  return ts.createProgram([fileName], options, host)
}

test('a chain of 5 versions with 30 fields costs the compiler less than 50,000 instantiations', {
  timeout: 120_000,
}, () => {
  const program = compile(chainSource(5))
  const file = program.getSourceFile(fileName)
  const problems = program
    .getSemanticDiagnostics(file)
    .map((each) => ts.flattenDiagnosticMessageText(each.messageText, '\n'))
  expect(problems).toEqual([])
  expect(program.getInstantiationCount()).toBeGreaterThan(1_000)
  expect(program.getInstantiationCount()).toBeLessThan(50_000)
})
