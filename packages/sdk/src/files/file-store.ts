import type { FileInfo } from './file-info.js'
import type { SizedEntry } from './measure-tree.js'

/** One thing below the root of a tree, before what it contains. */
export type TreeEntry =
  | { readonly type: 'directory'; readonly path: string; readonly mode: number }
  | {
      readonly type: 'file'
      readonly path: string
      readonly mode: number
      readonly sizeBytes: number
      /** Read before the next entry is asked for, or not at all. */
      readonly content: AsyncIterable<Uint8Array>
    }
  | { readonly type: 'symlink'; readonly path: string; readonly target: string }
  /** Devices, sockets and pipes, which are not copied. */
  | { readonly type: 'other'; readonly path: string }

/**
 * The files of a sandbox, by whatever way they are reached. Relative paths start at the working directory. Every failure is a
 * `FileError` with the path, or the error of the connection.
 */
export interface FileStore {
  /** The path without links and dots. */
  realPath(path: string): Promise<string>
  /** Follows links. Undefined when there is nothing. */
  stat(path: string): Promise<FileInfo | undefined>
  /** Does not follow a link. Undefined when there is nothing. */
  linkStat(path: string): Promise<FileInfo | undefined>
  /** Does not follow links. */
  list(path: string): Promise<FileInfo[]>
  read(path: string, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Creates the file, or empties it first. */
  write(path: string, data: AsyncIterable<Uint8Array>, mode: number, signal: AbortSignal): Promise<void>
  /** Throws kind `already-exists` when there is something. */
  makeDirectory(path: string, mode: number): Promise<void>
  removeFile(path: string): Promise<void>
  removeDirectory(path: string): Promise<void>
  /** Removes whatever is there, and follows no link. */
  removeTree(path: string): Promise<void>
  /** Renames, over a file that is there. */
  replace(from: string, to: string): Promise<void>
  /** Everything below a folder. */
  readTree(path: string, signal: AbortSignal): AsyncIterable<TreeEntry>
  /** The files below a folder, for their sizes alone: nothing is read of them. Other entries may come with them. */
  surveyTree(path: string, signal: AbortSignal): AsyncIterable<SizedEntry>
  /** Makes a folder and everything below it. */
  writeTree(path: string, entries: AsyncIterable<TreeEntry>, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}
