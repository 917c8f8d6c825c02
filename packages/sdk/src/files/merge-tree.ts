import { fileError } from './file-error.js'
import type { FileType } from './file-info.js'

/** What merging needs, in a sandbox or on this machine. */
export interface MergeFiles {
  linkStat(path: string): Promise<{ readonly type: FileType } | undefined>
  list(path: string): Promise<readonly { readonly name: string }[]>
  replace(from: string, to: string): Promise<void>
  removeDirectory(path: string): Promise<void>
  join(folder: string, name: string): string
}

/** Moves what is complete to its place. Folders that are there keep what they have; files and links are replaced one by one. */
export async function mergeTree(files: MergeFiles, from: string, to: string): Promise<void> {
  const there = await files.linkStat(to)
  if (!there) return files.replace(from, to)
  const isFolder = (await files.linkStat(from))?.type === 'directory'
  if (isFolder !== (there.type === 'directory')) throw fileError('EEXIST', to, '')
  if (!isFolder) return files.replace(from, to)
  for (const { name } of await files.list(from)) await mergeTree(files, files.join(from, name), files.join(to, name))
  await files.removeDirectory(from)
}
