import { createReadStream } from 'node:fs'
import { access, constants, lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { localFileError } from './file-error.js'
import type { TreeEntry } from './file-store.js'

/** What walking needs to know. */
export interface LocalWalkOptions {
  /** Decides about what cannot be read: returns to leave it out, throws to end the walk. */
  readonly onUnreadable: (path: string, cause: unknown) => void
  readonly signal: AbortSignal
}

/** Everything below a local folder. Links are not followed; folders come before what they hold. */
export async function* walkLocalTree(
  root: string,
  { onUnreadable, signal }: LocalWalkOptions,
  below = '',
): AsyncGenerator<TreeEntry, void> {
  const folder = join(root, below)
  let names: string[] = []
  try {
    names = (await readdir(folder)).sort()
  } catch (error) {
    onUnreadable(folder, error)
  }
  for (const name of names) {
    signal.throwIfAborted()
    const path = below === '' ? name : `${below}/${name}`
    const full = join(root, path)
    let entry: TreeEntry | undefined
    try {
      entry = await readLocalEntry(full, path, signal)
    } catch (error) {
      onUnreadable(full, error)
      continue
    }
    if (entry.type === 'other') onUnreadable(full, 'it is a device, a socket or a pipe')
    else yield entry
    if (entry.type === 'directory') yield* walkLocalTree(root, { onUnreadable, signal }, path)
  }
}

/** Looks at one local file. Fails when it cannot be read. */
export async function readLocalEntry(full: string, path: string, signal: AbortSignal): Promise<TreeEntry> {
  const stats = await lstat(full)
  const mode = stats.mode & 0o7777
  if (stats.isSymbolicLink()) return { type: 'symlink', path, target: await readlink(full) }
  if (stats.isDirectory()) {
    await access(full, constants.R_OK | constants.X_OK)
    return { type: 'directory', path, mode }
  }
  if (!stats.isFile()) return { type: 'other', path }
  await access(full, constants.R_OK)
  return { type: 'file', path, mode, sizeBytes: stats.size, content: readLocalFile(full, signal) }
}

async function* readLocalFile(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024, signal })) yield chunk
  } catch (error) {
    signal.throwIfAborted()
    throw localFileError(path, error)
  }
}
