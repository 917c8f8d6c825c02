import type { WatchEvent } from '@openshell-ts/sdk'
import { explainError } from './explain-error.js'

/** Events as they are, except for the spec in a state, whose environment may hold secrets, and errors, which speak of flags. */
export function watchEventToJson(event: WatchEvent): object {
  if (event.type === 'disconnected') return { type: event.type, error: event.error && explainError(event.error) }
  if (event.type !== 'status') return event
  const { id, name, phase, conditions, exitCode } = event.info
  return { type: event.type, id, name, phase, conditions, exitCode }
}
