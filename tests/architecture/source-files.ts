import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url))

/** A file that a person wrote. */
export interface SourceFile {
  /** Path below the root, with `/` on every system. */
  readonly path: string
  readonly text: string
}

// Made by tools, copied from elsewhere, or not in the repository at all.
const notHandWritten = new Set(['node_modules', 'dist', 'gen', 'data', 'coverage'])

/** The hand-written code files below some folders of the root; a folder that does not exist holds none. */
export function readSourceFiles(...folders: readonly string[]): SourceFile[] {
  return folders
    .flatMap((folder) => filesBelow(join(repositoryRoot, folder)))
    .filter((path) => /\.(ts|mts|js|mjs)$/.test(path) && !path.includes('.config.bundled_'))
    .map((path) => ({
      path: relative(repositoryRoot, path).split(sep).join('/'),
      text: readFileSync(path, 'utf8'),
    }))
}

/** The names of the folders below `packages/`. */
export function packageNames(): string[] {
  return readdirSync(join(repositoryRoot, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/** True for files that only tests use. */
export function isTestFile(path: string): boolean {
  return /\.test(-d)?\.ts$/.test(path) || /(^|\/)tests?\//.test(path)
}

function filesBelow(folder: string): string[] {
  let entries: ReturnType<typeof readEntries>
  try {
    entries = readEntries(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return notHandWritten.has(entry.name) ? [] : filesBelow(path)
    return [path]
  })
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true })
}
