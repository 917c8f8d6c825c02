import { randomUUID } from 'node:crypto'
import { OpenShellError } from '../errors/openshell-error.js'
import type { WireCodec } from '../wire/wire-codec.js'

/** What an id is chosen for. */
export interface IdentifiedScope {
  readonly rpc: string
  readonly sandboxName?: string | undefined
  /** The caller's own id; absent when it gave none. */
  readonly requestId?: string | undefined
}

/**
 * The id of a change: the caller's, or a new one; undefined on a line that keeps none. Throws kind `unsupported` for an id of the
 * caller that would have no effect.
 */
export function chooseRequestId(
  { rpc, sandboxName, requestId }: IdentifiedScope,
  codec: Pick<WireCodec, 'keepsRequestIds'>,
): string | undefined {
  if (requestId === undefined) return codec.keepsRequestIds ? randomUUID() : undefined
  if (codec.keepsRequestIds) return requestId
  throw new OpenShellError({
    kind: 'unsupported',
    message: `${rpc}: option requestId has no effect on wire line 0.0; gateways keep request ids from version 0.1.0.`,
    hint: 'Leave requestId out. For sandboxes, sandboxes.createOnce settles what a lost answer leaves open.',
    rpc,
    sandboxName,
  })
}
