import { suggestNames } from '../issue/suggest.js'
import { type DriverConfigEnvelope, isDriverConfigBlock } from './driver-config-block.js'
import type { JsonValue } from './json-value.js'

/** Something about an envelope that its writer should know; it never stops a creation. */
export interface EnvelopeWarning {
  readonly code: 'NO_BLOCK_FOR_DRIVER'
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

/**
 * Selects as a gateway does: by exact name of the active driver.
 *
 * A non-empty envelope without a block for the active driver is legal and nearly always a mistake, so it gives a warning.
 */
export function selectBlock(envelope: DriverConfigEnvelope, activeDriver: string): BlockSelection {
  const keys = Object.keys(envelope)
  const ignored = keys.filter((key) => key !== activeDriver)
  const block = Object.hasOwn(envelope, activeDriver) ? envelope[activeDriver] : undefined
  if (block !== undefined) {
    return { selected: isDriverConfigBlock(block) ? block.encode() : block, ignored, warnings: [] }
  }
  return { ignored, warnings: keys.length === 0 ? [] : [noBlock(activeDriver, keys)] }
}

function noBlock(activeDriver: string, keys: readonly string[]): EnvelopeWarning {
  const [suggestion] = suggestNames(activeDriver, keys)
  const list = keys.map((key) => JSON.stringify(key)).join(', ')
  const advice =
    suggestion === undefined ? '' : ` Did you mean "${activeDriver}" where you wrote ${JSON.stringify(suggestion)}?`
  const message = `driver_config has no block for the active driver "${activeDriver}", only for ${list}; the driver will see none of them.${advice}`
  return { code: 'NO_BLOCK_FOR_DRIVER', message, ...(suggestion === undefined ? {} : { suggestion }) }
}
