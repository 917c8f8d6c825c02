import type { CallScope } from '../transport/call-scope.js'
import type { Gateway } from '../transport/gateway.js'
import type { PageReply, PageRequest } from '../wire/page.js'
import type { WireCall } from '../wire/wire-call.js'
import type { WireCodec } from '../wire/wire-codec.js'
import type { ListOptions } from './list-options.js'
import { Pager } from './pager.js'

const DEFAULT_PAGE_SIZE = 100
const MAX_PAGE_SIZE = 1000

type FetchPage<T> = (codec: WireCodec, page: PageRequest, call: WireCall) => Promise<PageReply<T>>

/** Makes a list that asks the gateway page by page; `idOf` names an item, so that a repeated one is given once. */
export function listPages<T>(
  gateway: Pick<Gateway, 'read'>,
  scope: Omit<CallScope, 'signal'>,
  { pageSize = DEFAULT_PAGE_SIZE, signal }: ListOptions,
  fetchPage: FetchPage<T>,
  idOf: (item: T) => string,
): Pager<T> {
  // A larger page would be clamped by the gateway, and its last item taken for the end of the list.
  const size = Math.min(MAX_PAGE_SIZE, Math.max(1, Math.trunc(pageSize)))
  return new Pager(
    (pageToken) =>
      gateway.read({ ...scope, signal }, (codec, call) => fetchPage(codec, { pageSize: size, pageToken }, call)),
    idOf,
  )
}
