import { OpenShellError } from '../errors/openshell-error.js'
import { FileError } from './file-error.js'
import type { FileInfo } from './file-info.js'
import type { FileStore } from './file-store.js'
import { checkPathLength } from './remote-path.js'
import { NOT_UTF8 } from './safe-entry.js'

const SHOWN_PATHS = 20

/**
 * Removes a file, a link or a folder with all that is in it, one by one, and returns the paths of what stays: what has a name that is
 * no UTF-8 text cannot be asked for, and neither can the folders that hold it be removed.
 */
export async function removeTree(store: RemovingStore, path: string): Promise<string[]> {
  checkPathLength(path)
  const info = await store.linkStat(path)
  if (info?.type !== 'directory') {
    await store.removeFile(path)
    return []
  }
  const left: string[] = []
  for (const entry of await store.list(path)) left.push(...(await removeEntry(store, entry)))
  if (left.length === 0) await store.removeDirectory(path)
  return left
}

type RemovingStore = Pick<FileStore, 'linkStat' | 'list' | 'removeFile' | 'removeDirectory'>

async function removeEntry(store: RemovingStore, { name, path, type }: FileInfo): Promise<string[]> {
  if (!name.includes(NOT_UTF8)) {
    if (type === 'directory') return removeTree(store, path)
    await store.removeFile(path)
    return []
  }
  // A name may hold that very letter: the path stands for something then, which need not be what was listed.
  if (!(await store.linkStat(path))) return [path]
  return removeTree(store, path)
}

/** The error for what a removal has left, after what else was tried. */
export function notRemoved(path: string, left: readonly string[], cause: unknown): FileError {
  const shown = left.slice(0, SHOWN_PATHS).map((each) => JSON.stringify(each))
  const more = left.length > shown.length ? ` and ${left.length - shown.length} more` : ''
  const failure = cause instanceof OpenShellError ? cause : undefined
  return new FileError({
    kind: failure?.kind ?? 'failed-precondition',
    path,
    reason: 'NOT_UTF8',
    message: `${JSON.stringify(path)} is removed but for ${shown.join(', ')}${more}: such names are no UTF-8 text, and rm in the sandbox failed: ${failure?.plainMessage ?? String(cause)}`,
    hint: "Use a command for it, such as commands.run(['rm', '-rf', path]).",
    cause,
  })
}
