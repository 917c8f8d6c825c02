import { posix } from 'node:path'
import ts from 'typescript'
import type { SourceFile } from './source-files.js'

/** What a file names in `import`, `import type`, `export … from`, `import()` and `require()`. */
export function importsOf(file: SourceFile): string[] {
  return ts.preProcessFile(file.text, true, true).importedFiles.map(({ fileName }) => fileName)
}

/** The path of a relative import below the root, with the extension that the import gives; `undefined` for other imports. */
export function resolveRelative(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined
}

/** The package of a bare import: `@scope/name` or `name`, without its subpath; `undefined` for relative and built-in ones. */
export function packageOfImport(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Every bare import that a file reaches through relative imports, with the file that names it. */
export function reachableImports(files: readonly SourceFile[], entry: string): { specifier: string; path: string }[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const reached = new Set<string>()
  const waiting = [entry]
  const found: { specifier: string; path: string }[] = []
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = byPath.get(path)
    if (!file) throw new Error(`${path} is imported, but there is no such file.`)
    if (reached.has(path)) continue
    reached.add(path)
    for (const specifier of importsOf(file)) {
      const target = resolveRelative(path, specifier)
      if (target === undefined) found.push({ specifier, path })
      else waiting.push(target.replace(/\.js$/, '.ts'))
    }
  }
  return found
}
