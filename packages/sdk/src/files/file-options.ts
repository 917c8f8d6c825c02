import type { RequestOptions } from '../calls/request-options.js'
import type { TransferListener } from './transfer-progress.js'

/** What a file is written from: a Node.js or web stream is an iterable too. */
export type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>

/** How a file is read. */
export interface FileReadOptions extends RequestOptions {
  /** `bytes` and `text` hold all of it in memory; `stream` does not. Bytes that are no UTF-8 become U+FFFD. @default 'bytes' */
  readonly format?: 'bytes' | 'text' | 'stream'
}

/** How a file is written. */
export interface FileWriteOptions extends RequestOptions {
  /** Permission bits. Default: those of the file that is replaced, else `0o644`. */
  readonly mode?: number
  /** Makes the folders that are missing. @default false */
  readonly createParents?: boolean
  readonly onProgress?: TransferListener
}

/** How a folder is made. */
export interface MakeDirectoryOptions extends RequestOptions {
  /** Makes the folders above it too, and takes one that is there for done. @default false */
  readonly recursive?: boolean
  /** Permission bits. @default 0o755 */
  readonly mode?: number
}

/** How something is removed. */
export interface RemoveOptions extends RequestOptions {
  /** Removes a folder with all that is in it. @default false */
  readonly recursive?: boolean
  /** Takes what is not there for done. @default false */
  readonly allowMissing?: boolean
}

/** How a file or a tree is copied. */
export interface TransferOptions extends RequestOptions {
  /** Whether the path in the sandbox may lie outside its working directory. @default false */
  readonly allowOutside?: boolean
  readonly onProgress?: TransferListener
}

/** How a file or a tree is copied into a sandbox. */
export interface UploadOptions extends TransferOptions {
  /** What to do with local files that cannot be read or are none: `skip` lists them in the result. @default 'fail' */
  readonly onUnreadable?: 'fail' | 'skip'
}

/** How a file or a tree is copied out of a sandbox. */
export interface DownloadOptions extends TransferOptions {
  /**
   * What to do with names and links that lead out of the local folder, and with devices, sockets and pipes: `skip` lists them in the
   * result. They are never written. @default 'fail'
   */
  readonly onUnsafe?: 'fail' | 'skip'
}

/** What was not copied. */
export interface SkippedFile {
  readonly path: string
  readonly reason: string
}

/** What was copied. */
export interface TransferResult {
  /** Where it is now. */
  readonly path: string
  readonly files: number
  readonly bytes: number
  /** Empty unless the options allow to skip. */
  readonly skipped: readonly SkippedFile[]
}
