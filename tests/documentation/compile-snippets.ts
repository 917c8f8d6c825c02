import { dirname, join } from 'node:path'
import ts from 'typescript'
import type { Snippet } from './snippets.js'

/** Where a page's code pretends to lie: in the page's own package, or in the one that may import all others. */
function snippetFolder(page: string): string {
  const [, ownPackage = 'packages/examples'] = /^(packages\/[^/]+)\//.exec(page) ?? []
  return join(ownPackage, 'src/snippets', page.replaceAll(/[^\w]/g, '-'))
}

/**
 * Type-checks pages' snippets against the packages' sources, all in one program. Returns one line a problem, with the line of
 * the page.
 */
export function compileSnippets(root: string, pages: ReadonlyMap<string, readonly Snippet[]>): string[] {
  const sources = new Map<string, { page: string; snippet: Snippet }>()
  for (const [page, snippets] of pages) {
    const folder = join(root, snippetFolder(page))
    for (const snippet of snippets) sources.set(join(folder, snippet.fileName), { page, snippet })
  }
  const options = readOptions(root)
  const program = ts.createProgram([...sources.keys()], options, snippetHost(options, sources))
  return diagnosticsOf(program, [...sources.keys()]).flatMap((diagnostic) => describe(diagnostic, sources))
}

/** Of the snippets alone: the sources that they import are checked with the whole repository. */
function diagnosticsOf(program: ts.Program, paths: readonly string[]): ts.Diagnostic[] {
  const files = paths.map((path) => program.getSourceFile(path))
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ]
}

function readOptions(root: string): ts.CompilerOptions {
  const path = join(root, 'tsconfig.json')
  const { config } = ts.readConfigFile(path, ts.sys.readFile)
  return { ...ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root).options, noEmit: true }
}

function snippetHost(options: ts.CompilerOptions, sources: ReadonlyMap<string, { snippet: Snippet }>): ts.CompilerHost {
  const host = ts.createCompilerHost(options)
  const folders = new Set([...sources.keys()].map((path) => dirname(path)))
  const { fileExists, readFile, directoryExists } = host
  return {
    ...host,
    fileExists: (path) => sources.has(path) || fileExists(path),
    readFile: (path) => text(sources, path) ?? readFile(path),
    directoryExists: (path) => folders.has(path) || (directoryExists?.(path) ?? true),
    getSourceFile: (path, languageVersion) => {
      const code = text(sources, path) ?? readFile(path)
      return code === undefined ? undefined : ts.createSourceFile(path, code, languageVersion)
    },
  }
}

// A block without imports is a module of its own all the same.
function text(sources: ReadonlyMap<string, { snippet: Snippet }>, path: string): string | undefined {
  const source = sources.get(path)
  return source === undefined ? undefined : `${source.snippet.code}\nexport {}\n`
}

function describe(
  { file, start, messageText }: ts.Diagnostic,
  sources: ReadonlyMap<string, { page: string; snippet: Snippet }>,
): string[] {
  const message = ts.flattenDiagnosticMessageText(messageText, ' ')
  const source = file === undefined ? undefined : sources.get(file.fileName)
  if (file === undefined || source === undefined) return [`${file?.fileName ?? 'options'}: ${message}`]
  const { line } = file.getLineAndCharacterOfPosition(start ?? 0)
  return [`${source.page}:${source.snippet.line + line}: ${message}`]
}
