import { expect, test } from 'vitest'
import type { FileInfo } from './file-info.js'
import { removeTree } from './remove-tree.js'

test('folders without end are left at what a path may have', async () => {
  const name = 'd'.repeat(250)
  const folder = (path: string): FileInfo => {
    return { path, name, type: 'directory', sizeBytes: 0, mode: 0o755, modifiedAt: new Date(0) }
  }
  const endless = {
    linkStat: async (path: string) => folder(path),
    list: async (path: string) => [folder(`${path}/${name}`)],
    removeFile: async () => undefined,
    removeDirectory: async () => undefined,
  }
  await expect(removeTree(endless, 'top')).rejects.toMatchObject({ name: 'FileError', reason: 'ENAMETOOLONG' })
})
