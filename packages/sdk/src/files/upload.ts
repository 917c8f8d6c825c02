import { realpath } from 'node:fs/promises'
import { basename, posix } from 'node:path'
import { fileError, localFileError } from './file-error.js'
import type { SkippedFile, TransferResult, UploadOptions } from './file-options.js'
import type { FileStore, TreeEntry } from './file-store.js'
import { findPlace } from './find-place.js'
import { readLocalEntry, walkLocalTree } from './local-tree.js'
import { makeFolders } from './make-folders.js'
import { measureTree } from './measure-tree.js'
import { mergeTree } from './merge-tree.js'
import { landingPath, partPath } from './remote-path.js'
import { ProgressMeter } from './transfer-progress.js'
import { writeFile } from './write-file.js'

const FOLDER_MODE = 0o755

/** Copies a local file or folder into a sandbox. */
export async function upload(
  store: FileStore,
  localPath: string,
  remotePath: string,
  options: UploadOptions & { readonly signal: AbortSignal },
): Promise<TransferResult> {
  const source = await realpath(localPath).catch((error: unknown) => {
    throw localFileError(localPath, error)
  })
  const name = basename(localPath === '.' || localPath.endsWith('..') ? source : localPath)
  const entry = await readLocalEntry(source, name, options.signal).catch((error: unknown) => {
    throw localFileError(localPath, error)
  })
  if (entry.type === 'file') return uploadFile(store, entry, landingPath(remotePath, name), options)
  if (entry.type !== 'directory') throw localFileError(localPath, 'it is a device, a socket or a pipe')
  const isContentOnly = /[\\/]$/.test(localPath)
  return uploadFolder(store, source, isContentOnly ? remotePath : posix.join(remotePath, name), options)
}

async function uploadFile(
  store: FileStore,
  entry: Extract<TreeEntry, { type: 'file' }>,
  target: string,
  { allowOutside = false, onProgress, signal }: UploadOptions & { readonly signal: AbortSignal },
): Promise<TransferResult> {
  const place = await findPlace(store, target, allowOutside)
  const meter = new ProgressMeter(onProgress, entry.path, { bytes: entry.sizeBytes, files: 1 })
  await makeFolders(store, posix.dirname(place), FOLDER_MODE)
  await writeFile(store, place, entry.content, { mode: entry.mode, meter, signal })
  await meter.finish()
  return { path: place, files: 1, bytes: meter.bytes, skipped: [] }
}

async function uploadFolder(
  store: FileStore,
  source: string,
  target: string,
  { allowOutside = false, onProgress, onUnreadable = 'fail', signal }: UploadOptions & { readonly signal: AbortSignal },
): Promise<TransferResult> {
  const place = await findPlace(store, target, allowOutside)
  if (place === '/') throw fileError('EISDIR', target, '')
  const meter = new ProgressMeter(onProgress, source)
  await meter.expect(() => measureTree(walkLocalTree(source, { onUnreadable: () => undefined, signal })))
  const skipped: SkippedFile[] = []
  const leaveOut = (path: string, cause: unknown) => {
    const error = localFileError(path, cause)
    if (onUnreadable === 'fail') throw error
    skipped.push({ path, reason: error.reason ?? String(cause) })
  }
  async function* entries(): AsyncGenerator<TreeEntry, void> {
    for await (const entry of walkLocalTree(source, { onUnreadable: leaveOut, signal })) {
      yield entry.type === 'file' ? { ...entry, content: meter.count(entry.content, entry.path) } : entry
    }
  }
  await makeFolders(store, posix.dirname(place), FOLDER_MODE)
  const part = partPath(place)
  try {
    await store.writeTree(part, entries(), signal)
    signal.throwIfAborted()
    await mergeTree({ ...mergeFiles(store), join: posix.join }, part, place)
  } catch (error) {
    await store.removeTree(part).catch(() => undefined)
    throw error
  }
  await meter.finish()
  return { path: place, files: meter.files, bytes: meter.bytes, skipped }
}

function mergeFiles(store: FileStore) {
  return {
    linkStat: (path: string) => store.linkStat(path),
    list: (path: string) => store.list(path),
    replace: (from: string, to: string) => store.replace(from, to),
    removeDirectory: (path: string) => store.removeDirectory(path),
  }
}
