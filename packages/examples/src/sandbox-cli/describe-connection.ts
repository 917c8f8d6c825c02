import type { WatchEvent } from '@openshell-ts/sdk'
import { explainError } from './explain-error.js'

/** What people are told when a watch loses its connection or has it back; undefined for other events. */
export function describeConnection(event: WatchEvent): string | undefined {
  if (event.type === 'reconnected') return 'The connection to the gateway is back.'
  if (event.type !== 'disconnected') return undefined
  const why = event.error === undefined ? '' : ` ${explainError(event.error).message}`
  return `The connection to the gateway is lost; trying until it is back.${why}`
}
