import { posix } from 'node:path'
import type { FileStore, TreeEntry } from './file-store.js'
import { checkPathLength } from './remote-path.js'
import { NOT_UTF8 } from './safe-entry.js'

/** What walking needs beside a store. */
export interface WalkOptions {
  readonly readLink: (path: string) => Promise<string>
  readonly signal: AbortSignal
}

/** Everything below a folder, one request after the other. Folders come before what they hold; links are not followed. */
export async function* walkTree(
  store: FileStore,
  root: string,
  { readLink, signal }: WalkOptions,
  below = '',
): AsyncGenerator<TreeEntry, void> {
  for (const { name, type, mode, sizeBytes } of await store.list(posix.join(root, below))) {
    signal.throwIfAborted()
    // Joined by hand: a name that is none must be seen by whoever writes it.
    const path = below === '' ? name : `${below}/${name}`
    const full = posix.join(root, path)
    checkPathLength(full)
    if (type === 'directory') {
      yield { type, path, mode }
      if (name.includes(NOT_UTF8)) continue
      yield* walkTree(store, root, { readLink, signal }, path)
    } else if (type === 'symlink') {
      yield { type, path, target: await readLink(full) }
    } else if (type === 'file') {
      yield { type, path, mode, sizeBytes, content: store.read(full, signal) }
    } else {
      yield { type, path }
    }
  }
}

// A folder that its owner cannot write to could not be filled.
const OWNER_BITS = 0o700

/** What writing needs beside a store. */
export interface WriteOptions {
  readonly makeLink: (target: string, path: string) => Promise<void>
  readonly signal: AbortSignal
}

/** Makes a folder and everything below it. */
export async function writeEntries(
  store: FileStore,
  root: string,
  entries: AsyncIterable<TreeEntry>,
  { makeLink, signal }: WriteOptions,
): Promise<void> {
  await store.makeDirectory(root, 0o755)
  for await (const entry of entries) {
    signal.throwIfAborted()
    const path = posix.join(root, entry.path)
    if (entry.type === 'directory') await store.makeDirectory(path, entry.mode | OWNER_BITS)
    else if (entry.type === 'file') await store.write(path, entry.content, entry.mode, signal)
    else if (entry.type === 'symlink') await makeLink(entry.target, path)
  }
}
