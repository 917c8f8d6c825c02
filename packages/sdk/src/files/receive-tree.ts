import * as fs from 'node:fs/promises'
import { constants, type FileHandle, open, readlink, realpath, symlink } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { localFileError } from './file-error.js'
import type { TreeEntry } from './file-store.js'
import { findUnsafeLink, findUnsafeName } from './safe-entry.js'

/** What receiving needs to know. */
export interface ReceiveOptions {
  /** Decides about what must not be written: returns to leave it out, throws to end the transfer. */
  readonly onUnsafe: (path: string, reason: string) => void
  readonly count: (content: AsyncIterable<Uint8Array>, path: string) => AsyncIterable<Uint8Array>
  readonly signal: AbortSignal
}

/**
 * Writes a tree into a new local folder. Nothing is written outside of it, whatever the other side sends: names are looked at, files
 * are created and never opened, and links are made when everything else is there, so that nothing is written through one.
 */
export async function receiveTree(
  root: string,
  entries: AsyncIterable<TreeEntry>,
  { onUnsafe, count, signal }: ReceiveOptions,
): Promise<number> {
  await locally(root, () => fs.mkdir(root, { mode: 0o700 }))
  const links: Extract<TreeEntry, { type: 'symlink' }>[] = []
  let files = 0
  for await (const entry of entries) {
    signal.throwIfAborted()
    const unsafe = findUnsafe(entry)
    const path = join(root, entry.path)
    if (unsafe !== undefined) onUnsafe(entry.path, unsafe)
    else if (entry.type === 'directory') await locally(path, () => fs.mkdir(path, { mode: entry.mode | 0o700 }))
    else if (entry.type === 'symlink') links.push(entry)
    else if (entry.type === 'file') {
      await receiveFile(path, count(entry.content, entry.path), entry.mode)
      files += 1
    }
  }
  for (const { path, target } of links) {
    signal.throwIfAborted()
    await locally(join(root, path), () => symlink(target, join(root, path)))
  }
  await removeEscapes(root, links, onUnsafe)
  return files
}

/** Writes a new local file; one that is there already is an error. It is removed again on a failure. */
export async function receiveFile(path: string, content: AsyncIterable<Uint8Array>, mode: number): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL
  const file = await locally(path, () => open(path, flags, mode & 0o777))
  try {
    for await (const chunk of content) await locally(path, () => writeAll(file, chunk))
  } catch (error) {
    await file.close()
    await fs.rm(path, { force: true })
    throw error
  }
  await locally(path, () => file.close())
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let start = 0; start < chunk.length; ) start += (await file.write(chunk, start)).bytesWritten
}

function findUnsafe(entry: TreeEntry): string | undefined {
  const unsafe = findUnsafeName(entry.path)
  if (unsafe !== undefined) return unsafe
  if (entry.type === 'other') return 'it is a device, a socket or a pipe'
  return entry.type === 'symlink' ? findUnsafeLink(entry.path, entry.target) : undefined
}

// Links that are harmless alone can lead outside together, in whatever order they came; only the file system knows.
async function removeEscapes(
  root: string,
  links: readonly { readonly path: string }[],
  onUnsafe: ReceiveOptions['onUnsafe'],
): Promise<void> {
  const realRoot = await realpath(root)
  for (const { path } of links) {
    const full = join(root, path)
    const end = await findEnd(full)
    if (end !== undefined && !leadsOut(realRoot, end)) continue
    await fs.unlink(full)
    onUnsafe(path, 'the link leads out of the folder')
  }
}

/** Where a link leads, also when nothing is there; undefined when it goes back from where nothing is. */
async function findEnd(link: string): Promise<string | undefined> {
  // Not joined: what a link leads through decides about each `..` behind it.
  let path = `${dirname(link)}${sep}${await readlink(link)}`
  let rest = ''
  for (;;) {
    const real = await realpath(path).catch(() => undefined)
    if (real !== undefined) return rest.split(sep).includes('..') ? undefined : join(real, rest)
    rest = `${path.slice(path.lastIndexOf(sep) + 1)}${sep}${rest}`
    path = path.slice(0, path.lastIndexOf(sep))
  }
}

function leadsOut(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '..' || way.startsWith(`..${sep}`)
}

async function locally<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw localFileError(path, error)
  }
}
