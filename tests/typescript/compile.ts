import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts54 from 'typescript-5-4'
import ts59, { type SourceFile } from 'typescript-5-9'
import ts60 from 'typescript-6-0'

type Compiler = typeof ts59

// The compiler interface that the tests use is the same in all of them, though their types differ.
const compilers = { '5.4': ts54 as unknown as Compiler, '5.9': ts59, '6.0': ts60 as unknown as Compiler }

/** A line of TypeScript that users have. */
export type TypeScriptLine = keyof typeof compilers

/** All lines, oldest first. */
export const typeScriptLines = Object.keys(compilers) as readonly TypeScriptLine[]

// Programs of one compiler share what they only read.
const parsedFiles: Readonly<Record<TypeScriptLine, Map<string, SourceFile>>> = {
  '5.4': new Map(),
  '5.9': new Map(),
  '6.0': new Map(),
}

/** A program of one file, as a user of the built packages compiles it. */
export interface CompileInput {
  readonly line: TypeScriptLine
  readonly source: string
  /** @default true */
  readonly exactOptionalPropertyTypes?: boolean
  /** Changes the declarations of the built packages before the compiler reads them; for tests of the tests. */
  readonly alterDeclarations?: (text: string) => string
}

/** What the compiler says about the file. */
export interface CompileOutput {
  /** The compiler that ran, in full: `5.4.5`. */
  readonly version: string
  /** `LINE: MESSAGE`, a line for each problem of the file. */
  readonly problems: readonly string[]
  readonly instantiations: number
}

// Beside this file, so that imports resolve as they do for a user of the root's packages.
const folder = dirname(fileURLToPath(import.meta.url))
const fileName = join(folder, 'compiled-source.ts')
// The runner's own declarations are large and bring Node's with them; the type tests use three names of them.
const runnerName = join(folder, 'compiled-runner.d.ts')
const runner = `
declare module 'vitest' {
  type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
  export function describe(name: string, run: () => void): void
  export function test(name: string, run: () => void): void
  export function expectTypeOf<A>(value?: A): {
    toEqualTypeOf<B>(...mismatch: Same<A, B> extends true ? [] : ['the types differ']): void
  }
}`
const declarations = /[\\/]packages[\\/][^\\/]+[\\/]dist[\\/].*\.d\.ts$/

/** Type-checks a file against the built packages. Libraries are not checked, as nearly every project has it. */
export function compile({
  line,
  source,
  exactOptionalPropertyTypes = true,
  alterDeclarations,
}: CompileInput): CompileOutput {
  const ts = compilers[line]
  const parsed = parsedFiles[line]
  const options = {
    strict: true,
    exactOptionalPropertyTypes,
    skipLibCheck: true,
    noEmit: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts'],
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  const own = new Map([
    [fileName, source],
    [runnerName, runner],
  ])
  host.getSourceFile = (name, target) => {
    const text = own.get(name)
    if (text !== undefined) return ts.createSourceFile(name, text, target)
    const file = parsed.get(name) ?? getSourceFile(name, target)
    if (file !== undefined) parsed.set(name, file)
    if (file === undefined || alterDeclarations === undefined || !declarations.test(name)) return file
    return ts.createSourceFile(name, alterDeclarations(file.text), target)
  }
  const program = ts.createProgram([...own.keys()], options, host)
  const file = program.getSourceFile(fileName)
  const found = [
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]
  const problems = found.map(({ start, messageText }) => {
    const at = file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0
    return `${at + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
  return { version: ts.version, problems, instantiations: program.getInstantiationCount() }
}
