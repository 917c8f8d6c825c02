import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { invalidArgument } from '../../errors/status-error.js'

/** Which page of a list a request wants. */
export interface PageRequest {
  /** 0 means 100; more than 1000 is cut without a word. */
  readonly pageSize: number
  /** Empty for the first page. */
  readonly pageToken: string
}

/** One page. */
export interface Page<Item> {
  readonly items: Item[]
  /** Empty on the last page. */
  readonly nextPageToken: string
}

const defaultSize = 100
const largestSize = 1000
const signatureBytes = 12

// Tokens of another process are as good as forged ones, and so are those of another run in this one, as after a restart.
const secret = randomBytes(32)

/**
 * One page of a list. A token remembers the last item, so that items that come or go in between move no page. `run` names the
 * gateway's run.
 *
 * @throws StatusError INVALID_ARGUMENT for a negative size, and for a token that this run has not given.
 */
export function pageOf<Item extends { readonly id: string }>(
  items: readonly Item[],
  request: PageRequest,
  { run }: { readonly run: string },
): Page<Item> {
  if (request.pageSize < 0) throw invalidArgument('page_size must not be negative')
  const size = Math.min(request.pageSize === 0 ? defaultSize : request.pageSize, largestSize)
  const start = request.pageToken === '' ? 0 : startAfter(items, readToken(request.pageToken, run))
  const page = items.slice(start, start + size)
  const last = page.at(-1)
  const end = start + page.length
  return { items: page, nextPageToken: last && end < items.length ? writeToken({ end, last: last.id }, run) : '' }
}

interface Position {
  /** How many items came before the next page. */
  readonly end: number
  /** The id of the last of them. */
  readonly last: string
}

function startAfter(items: readonly { readonly id: string }[], { end, last }: Position): number {
  const index = items.findIndex(({ id }) => id === last)
  // The last item is gone, and perhaps others before it: at most one item comes twice, and none is left out.
  return index < 0 ? Math.max(0, end - 1) : index + 1
}

function writeToken(position: Position, run: string): string {
  const bytes = Buffer.from(JSON.stringify(position))
  return Buffer.concat([sign(bytes, run), bytes]).toString('base64url')
}

function readToken(token: string, run: string): Position {
  const bytes = Buffer.from(token, 'base64url')
  const signature = bytes.subarray(0, signatureBytes)
  const content = bytes.subarray(signatureBytes)
  if (signature.length < signatureBytes || !timingSafeEqual(signature, sign(content, run))) {
    throw invalidArgument('page_token is not valid')
  }
  return JSON.parse(content.toString())
}

function sign(bytes: Uint8Array, run: string): Buffer {
  return createHmac('sha256', secret).update(run).update(bytes).digest().subarray(0, signatureBytes)
}
