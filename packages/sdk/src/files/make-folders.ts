import { posix } from 'node:path'
import { fileError } from './file-error.js'
import type { FileType } from './file-info.js'

/** What making folders needs, in a sandbox or on this machine. */
export interface FolderMaker {
  /** Follows links. Undefined when there is nothing. */
  stat(path: string): Promise<{ readonly type: FileType } | undefined>
  makeDirectory(path: string, mode: number): Promise<void>
  /** Absent where paths are those of a sandbox. */
  dirname?(path: string): string
}

/** Makes a folder and those above it; what is there is left as it is. */
export async function makeFolders(folders: FolderMaker, path: string, mode: number): Promise<void> {
  const present = await folders.stat(path)
  if (present?.type === 'directory') return
  if (present) throw fileError('ENOTDIR', path, '')
  const parent = folders.dirname?.(path) ?? posix.dirname(path)
  if (parent !== path) await makeFolders(folders, parent, mode)
  try {
    await folders.makeDirectory(path, mode)
  } catch (error) {
    // Another one may have been faster.
    if ((await folders.stat(path))?.type !== 'directory') throw error
  }
}
