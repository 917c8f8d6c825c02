import { status } from '@grpc/grpc-js'
import { invalidArgument, StatusError } from '../errors/status-error.js'

const form = /^([0-9a-f]{16})-(\d{16})-(.+)$/

/** Where a stream about a sandbox is read: the sandbox, and the run of the gateway whose positions count. */
export interface CursorPlace {
  /** 16 hexadecimal digits. */
  readonly run: string
  readonly sandboxId: string
}

/** Where a stream about a sandbox stands, as an opaque text. Of two cursors of one stream the later is the greater by bytes. */
export function writeCursor(position: number, { run, sandboxId }: CursorPlace): string {
  return `${run}-${String(position).padStart(16, '0')}-${sandboxId}`
}

/**
 * The position of a cursor.
 *
 * @throws StatusError INVALID_ARGUMENT for what is no cursor of this sandbox, OUT_OF_RANGE for one of an earlier run.
 */
export function readCursor(cursor: string, { run, sandboxId }: CursorPlace): number {
  const [, ofRun, position, id] = form.exec(cursor) ?? []
  if (id !== sandboxId) throw invalidArgument('resume_after_cursor is no cursor of this sandbox')
  if (ofRun !== run) throw lostCursor()
  return Number(position)
}

/** OUT_OF_RANGE for a cursor whose place is gone. */
export function lostCursor(): StatusError {
  return new StatusError(status.OUT_OF_RANGE, 'resume_after_cursor is of an earlier run; start without a cursor')
}
