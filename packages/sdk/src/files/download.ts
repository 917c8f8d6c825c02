import { rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, posix, resolve } from 'node:path'
import { FileError, fileError, localFileError } from './file-error.js'
import type { FileInfo } from './file-info.js'
import type { DownloadOptions, SkippedFile, TransferResult } from './file-options.js'
import type { FileStore } from './file-store.js'
import { findPlace } from './find-place.js'
import { localFolders } from './local-folders.js'
import { localMergeFiles } from './local-merge-files.js'
import { makeFolders } from './make-folders.js'
import { measureTree } from './measure-tree.js'
import { mergeTree } from './merge-tree.js'
import { partName } from './part-name.js'
import { receiveFile, receiveTree } from './receive-tree.js'
import { ProgressMeter } from './transfer-progress.js'

// What ends with a slash, and `.` and `..`, which cannot be files.
const FOLDER_PATH = /(^|[\\/])\.{0,2}$/

// Before the umask.
const FOLDER_MODE = 0o777

type Options = DownloadOptions & { readonly signal: AbortSignal }

/** Copies a file or folder of a sandbox to this machine. */
export async function download(
  store: FileStore,
  remotePath: string,
  localPath: string,
  options: Options,
): Promise<TransferResult> {
  const place = await findPlace(store, remotePath, options.allowOutside ?? false)
  const info = await store.stat(place)
  if (!info) throw fileError('ENOENT', remotePath, '')
  const name = posix.basename(place)
  if (info.type === 'file') {
    const target = FOLDER_PATH.test(localPath) ? join(localPath, name) : localPath
    return downloadFile(store, info, resolve(target), options)
  }
  if (info.type !== 'directory') throw fileError('', remotePath, 'it is a device, a socket or a pipe')
  return downloadFolder(store, place, resolve(remotePath.endsWith('/') ? localPath : join(localPath, name)), options)
}

async function downloadFile(
  store: FileStore,
  { path, mode, sizeBytes }: FileInfo,
  target: string,
  { onProgress, signal }: Options,
): Promise<TransferResult> {
  if ((await stat(target).catch(() => undefined))?.isDirectory()) throw folderInPlace(target)
  const meter = new ProgressMeter(onProgress, path, { bytes: sizeBytes, files: 1 })
  const part = await preparePart(target)
  try {
    await receiveFile(part, meter.count(store.read(path, signal)), mode)
    if (meter.bytes < sizeBytes) throw fileError('', path, `only ${meter.bytes} of ${sizeBytes} bytes have arrived`)
    signal.throwIfAborted()
    await rename(part, target).catch((error: unknown) => {
      throw localFileError(target, error)
    })
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await meter.finish()
  return { path: target, files: 1, bytes: meter.bytes, skipped: [] }
}

async function downloadFolder(
  store: FileStore,
  path: string,
  target: string,
  { onProgress, onUnsafe = 'fail', signal }: Options,
): Promise<TransferResult> {
  const meter = new ProgressMeter(onProgress, path)
  await meter.expect(() => measureTree(store.surveyTree(path, signal)))
  const skipped: SkippedFile[] = []
  const leaveOut = (unsafe: string, reason: string) => {
    if (onUnsafe === 'fail') throw unsafeEntry(unsafe, reason)
    skipped.push({ path: unsafe, reason })
  }
  const part = await preparePart(target)
  let files = 0
  try {
    const count = (content: AsyncIterable<Uint8Array>, at: string) => meter.count(content, at)
    files = await receiveTree(part, store.readTree(path, signal), { onUnsafe: leaveOut, count, signal })
    signal.throwIfAborted()
    await mergeTree(localMergeFiles, part, target)
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw error
  }
  await meter.finish()
  return { path: target, files, bytes: meter.bytes, skipped }
}

async function preparePart(target: string): Promise<string> {
  const folder = dirname(target)
  await makeFolders(localFolders, folder, FOLDER_MODE)
  return join(folder, partName(basename(target)))
}

function folderInPlace(path: string): FileError {
  return new FileError({
    kind: 'failed-precondition',
    path,
    reason: 'EISDIR',
    message: `Local file ${JSON.stringify(path)}: it is a folder.`,
    hint: 'End the local path with / to put the file into the folder.',
  })
}

function unsafeEntry(path: string, reason: string): FileError {
  return new FileError({
    kind: 'permission-denied',
    path,
    reason: 'UNSAFE_ENTRY',
    message: `${JSON.stringify(path)} is not written to this machine: ${reason}.`,
    hint: "Set onUnsafe: 'skip' to copy the rest.",
  })
}
