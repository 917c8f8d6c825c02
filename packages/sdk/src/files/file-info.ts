/** What a path stands for. */
export type FileType = 'file' | 'directory' | 'symlink' | 'other'

/** A file of a sandbox, as it was when it was looked at. */
export interface FileInfo {
  /** As it was asked for; in lists, the folder's path and the name. */
  readonly path: string
  /** The last part of the path. Bytes that are no UTF-8 show as U+FFFD; what has such a name cannot be asked for by it. */
  readonly name: string
  readonly type: FileType
  readonly sizeBytes: number
  /** Permission bits, such as `0o644`. */
  readonly mode: number
  readonly modifiedAt: Date
}

const KIND_BITS = 0o170000

/** Reads the kind in the mode of a file, which every system that runs in sandboxes writes alike. */
export function toFileType(mode: number): FileType {
  switch (mode & KIND_BITS) {
    case 0o100000:
      return 'file'
    case 0o040000:
      return 'directory'
    case 0o120000:
      return 'symlink'
    default:
      return 'other'
  }
}
