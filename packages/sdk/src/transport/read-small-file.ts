import { readFile, stat } from 'node:fs/promises'

/** The largest configuration file that is read. */
export const MAX_FILE_BYTES = 1_048_576

/** What came of reading a file. `problem` is half a sentence that begins after the path. */
export type FileReading =
  | { readonly type: 'read'; readonly bytes: Buffer; readonly mode: number }
  | { readonly type: 'absent' }
  | { readonly type: 'unreadable'; readonly problem: string; readonly cause?: unknown }

/** Reads a regular file of bounded size. What is no file, such as a pipe, is not opened: it could hold up the reader for ever. */
export async function readSmallFile(path: string): Promise<FileReading> {
  try {
    const status = await stat(path)
    if (!status.isFile()) return { type: 'unreadable', problem: 'is no file' }
    if (status.size > MAX_FILE_BYTES) return { type: 'unreadable', problem: `is larger than ${MAX_FILE_BYTES} bytes` }
    return { type: 'read', bytes: await readFile(path), mode: status.mode }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    if (code === 'ENOENT' || code === 'ENOTDIR') return { type: 'absent' }
    return { type: 'unreadable', problem: `cannot be read (${code})`, cause }
  }
}
