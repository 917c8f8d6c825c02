import { printableKey } from '../issue/path.js'
import { suggestNames } from '../issue/suggest.js'
import type { DriverConfigEnvelope } from './driver-config-block.js'
import type { JsonValue } from './json-value.js'
import { type EnvelopeMember, readEnvelope } from './read-envelope.js'

/** Something about an envelope that its writer should know; it never stops a creation. */
export interface EnvelopeWarning {
  readonly code: 'NO_BLOCK_FOR_DRIVER' | 'ENVELOPE_NOT_READABLE' | 'BLOCK_NOT_READABLE'
  readonly message: string
  /** The key of the envelope that is nearest to the driver's name. */
  readonly suggestion?: string
}

/** What a gateway would do with an envelope. */
export interface BlockSelection {
  /** The block of the active driver; absent when there is none. */
  readonly selected?: JsonValue
  /** Keys of the blocks that the gateway does not forward. */
  readonly ignored: readonly string[]
  readonly warnings: readonly EnvelopeWarning[]
}

/** At most this many keys are listed in a message. */
const listLimit = 12

/**
 * Selects as a gateway does: by exact name of the active driver. Never throws, whatever the envelope is.
 *
 * A non-empty envelope without a block for the active driver is legal and nearly always a mistake, so it gives a warning.
 */
export function selectBlock(envelope: DriverConfigEnvelope, activeDriver: string): BlockSelection {
  const members = readEnvelope(envelope)
  if (members === undefined) return { ignored: [], warnings: [envelopeNotReadable()] }
  return selectMember(members, activeDriver)
}

/** The same for an envelope that was read. */
export function selectMember(members: readonly EnvelopeMember[], activeDriver: string): BlockSelection {
  const ignored = members.map((member) => member.driverName).filter((name) => name !== activeDriver)
  const member = members.find((each) => each.driverName === activeDriver)
  if (member === undefined) {
    return { ignored, warnings: ignored.length === 0 ? [] : [noBlock(activeDriver, ignored)] }
  }
  if (member.value === undefined) return { ignored, warnings: [blockNotReadable(activeDriver)] }
  return { selected: member.value, ignored, warnings: [] }
}

/** The warning about something that is no envelope at all. */
export function envelopeNotReadable(): EnvelopeWarning {
  const message = 'driver_config is not an object with one block for each driver, so that no driver will see any of it.'
  return { code: 'ENVELOPE_NOT_READABLE', message }
}

function blockNotReadable(activeDriver: string): EnvelopeWarning {
  const message = `the block of driver_config for the active driver "${activeDriver}" cannot be read; write it as plain JSON.`
  return { code: 'BLOCK_NOT_READABLE', message }
}

function noBlock(activeDriver: string, keys: readonly string[]): EnvelopeWarning {
  const [suggestion] = suggestNames(activeDriver, keys)
  const quote = (key: string): string => `"${printableKey(key)}"`
  const more = keys.length > listLimit ? ` and ${keys.length - listLimit} more` : ''
  const list = `${keys.slice(0, listLimit).map(quote).join(', ')}${more}`
  const advice = suggestion === undefined ? '' : ` Did you mean "${activeDriver}" where you wrote ${quote(suggestion)}?`
  const message = `driver_config has no block for the active driver "${activeDriver}", only for ${list}; the driver will see none of them.${advice}`
  return { code: 'NO_BLOCK_FOR_DRIVER', message, ...(suggestion === undefined ? {} : { suggestion }) }
}
