import { OpenShellError } from '../errors/openshell-error.js'
import { violation } from './check-text.js'

/** A piece of content as bytes. Throws kind `invalid-argument` for what is none, which shows when an iterable is read. */
export function toBytes(call: string, field: string, piece: unknown): Uint8Array {
  if (typeof piece === 'string') return new TextEncoder().encode(piece)
  if (piece instanceof Uint8Array) return piece
  const description = 'must give texts and bytes alone'
  throw new OpenShellError({
    kind: 'invalid-argument',
    message: `${call}: ${field} ${description}.`,
    violations: [violation(field, 'TYPE_MISMATCH', description)],
  })
}
