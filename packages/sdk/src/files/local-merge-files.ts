import { lstat, readdir, rename, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { localFileError } from './file-error.js'
import type { MergeFiles } from './merge-tree.js'

/** Merging on this machine. */
export const localMergeFiles: MergeFiles = {
  async linkStat(path) {
    try {
      const stats = await lstat(path)
      return { type: stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'symlink' : 'file' }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw localFileError(path, error)
    }
  },
  async list(path) {
    const names = await readdir(path).catch(failAt(path))
    return names.map((name) => ({ name }))
  },
  async replace(from, to) {
    await rename(from, to).catch(failAt(to))
  },
  async removeDirectory(path) {
    await rmdir(path).catch(failAt(path))
  },
  join,
}

function failAt(path: string): (error: unknown) => never {
  return (error) => {
    throw localFileError(path, error)
  }
}
