import { type ErrorKind, OpenShellError } from '../errors/openshell-error.js'
import { withoutFullStop } from '../errors/without-full-stop.js'

/** A file operation that failed. `path` says on what; `reason` is the system's code, such as `ENOSPC`, where it is known. */
export class FileError extends OpenShellError {
  static override readonly brand: symbol = Symbol.for('openshell-ts.sdk.FileError')
  override readonly name = 'FileError'
  /** The path, in the sandbox unless the message says that it is local. */
  readonly path: string

  constructor(fields: {
    readonly kind: ErrorKind
    readonly path: string
    readonly message: string
    readonly hint?: string | undefined
    readonly reason?: string | undefined
    readonly cause?: unknown
  }) {
    super({ ...fields, dispatched: true })
    this.path = fields.path
  }
}

interface Meaning {
  readonly kind: ErrorKind
  readonly text: string
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOENT: { kind: 'not-found', text: 'there is no such file or folder' },
  EACCES: { kind: 'permission-denied', text: 'permission denied' },
  EPERM: { kind: 'permission-denied', text: 'operation not permitted' },
  EROFS: { kind: 'permission-denied', text: 'the file system is read-only' },
  EEXIST: { kind: 'already-exists', text: 'it exists already' },
  ENOTEMPTY: { kind: 'failed-precondition', text: 'the folder is not empty' },
  EISDIR: { kind: 'failed-precondition', text: 'it is a folder' },
  ENOTDIR: { kind: 'failed-precondition', text: 'a part of the path is no folder' },
  ELOOP: { kind: 'failed-precondition', text: 'too many symbolic links' },
  ENOSPC: { kind: 'resource-exhausted', text: 'no space is left' },
  EDQUOT: { kind: 'resource-exhausted', text: 'the quota is used up' },
  EFBIG: { kind: 'resource-exhausted', text: 'the file would be too large' },
}

/** The error for a system's code. Codes that are not known are kind `failed-precondition`, with the text of the other side. */
export function fileError(code: string, path: string, detail: string, cause?: unknown): FileError {
  const said = withoutFullStop(detail)
  const meaning = MEANINGS[code] ?? { kind: 'failed-precondition', text: said === '' ? 'it failed' : said }
  return new FileError({
    kind: meaning.kind,
    path,
    message: `${JSON.stringify(path)}: ${meaning.text}.`,
    ...(code === '' ? {} : { reason: code }),
    cause,
  })
}

/** The error for a folder whose names would fill the memory. */
export function tooManyNames(path: string): FileError {
  return new FileError({
    kind: 'resource-exhausted',
    path,
    reason: 'TOO_MANY_NAMES',
    message: `${JSON.stringify(path)} holds more names than are read at once.`,
    hint: 'Use a command for it, such as commands.start with find.',
  })
}

/** The error for a local file. */
export function localFileError(path: string, cause: unknown): FileError {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const { kind, message, reason } = fileError(code, path, cause instanceof Error ? cause.message : String(cause))
  return new FileError({ kind, path, message: `Local file ${message.replace(`[${kind}] `, '')}`, reason, cause })
}
