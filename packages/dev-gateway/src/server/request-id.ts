import { randomUUID } from 'node:crypto'
import type { Metadata } from '@grpc/grpc-js'

/** The header by which a call can be found in logs. */
export const requestIdHeader = 'x-request-id'

/** The id that a caller gave its call, or a new one. */
export function requestId(metadata: Metadata): string {
  const given = metadata.get(requestIdHeader)[0]
  return typeof given === 'string' && given !== '' ? given : randomUUID()
}
