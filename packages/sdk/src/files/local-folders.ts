import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { localFileError } from './file-error.js'
import type { FolderMaker } from './make-folders.js'

/**
 * Making folders on this machine, one by one: Node's own way to make all at once never returns where the system has nothing to make, as
 * below /proc.
 */
export const localFolders: FolderMaker = {
  async stat(path) {
    try {
      if ((await stat(path)).isDirectory()) return { type: 'directory' }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw localFileError(path, error)
    }
    throw localFileError(path, Object.assign(new Error('It is no folder.'), { code: 'ENOTDIR' }))
  },
  async makeDirectory(path, mode) {
    await mkdir(path, { mode }).catch((error: unknown) => {
      throw localFileError(path, error)
    })
  },
  dirname,
}
