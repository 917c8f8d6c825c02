import { toBytes } from '../checks/to-bytes.js'
import { MAX_REQUEST_BYTES } from '../transport/message-limits.js'
import type { ExecRequest } from '../wire/exec-calls.js'
import type { CommandStartOptions } from './command-options.js'

/** What fits into one request beside a short command. */
export const MAX_STDIN_BYTES = 900 * 1024

// What a text takes beside its bytes, and what there is in a request beside the command: names, ids, limits.
const FIELD_BYTES = 8
const OTHER_BYTES = 4096

/** What a command is to read: in one piece, or in pieces that do not fit into one request. */
export type Stdin =
  | { readonly type: 'whole'; readonly bytes: Uint8Array }
  | { readonly type: 'pieces'; readonly pieces: AsyncIterable<Uint8Array> }

/** Everything as bytes; a text or an array of bytes is one piece. Ends its source also while that is being waited for. */
export function toPieces(stdin: NonNullable<CommandStartOptions['stdin']>): AsyncIterableIterator<Uint8Array> {
  const source =
    typeof stdin === 'string' || stdin instanceof Uint8Array ? [stdin].values() : stdin[Symbol.asyncIterator]()
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      const { value, done } = await source.next()
      if (done) return { value: undefined, done }
      try {
        return { value: toBytes('commands', 'stdin', value), done: false }
      } catch (error) {
        await source.return?.()
        throw error
      }
    },
    async return() {
      await source.return?.()
      return { value: undefined, done: true }
    },
  }
}

/** How much input fits into one request beside the rest of it. */
export function roomForStdin({ command, cwd, environment }: Omit<ExecRequest, 'stdin'>): number {
  const texts = [cwd, ...command, ...Object.entries(environment).flat()]
  const restBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + FIELD_BYTES, OTHER_BYTES)
  return Math.min(MAX_STDIN_BYTES, MAX_REQUEST_BYTES - restBytes)
}

/** Collects as much as there is room for; hands over pieces when there is more. */
export async function readStdin(stdin: CommandStartOptions['stdin'], maxBytes: number): Promise<Stdin> {
  const source = toPieces(stdin ?? '')
  const read: Uint8Array[] = []
  let size = 0
  for (let next = await source.next(); !next.done; next = await source.next()) {
    read.push(next.value)
    size += next.value.length
    if (size > maxBytes && size > 0) return { type: 'pieces', pieces: joined(read, source) }
  }
  return { type: 'whole', bytes: Buffer.concat(read) }
}

async function* joined(read: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield* read
  yield* rest
}
