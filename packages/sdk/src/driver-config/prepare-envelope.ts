import type { DriverConfigEnvelope } from '@openshell-ts/driver-config/envelope'
import type { ClientContext } from '../calls/client-context.js'
import type { ActiveDriverFinder } from './active-driver.js'
import { type LintOptions, type PreparedDriverConfig, prepareDriverConfig } from './prepare-driver-config.js'

/** Options of `prepareEnvelope`. */
export interface PrepareEnvelopeOptions extends LintOptions {
  readonly signal?: AbortSignal | undefined
}

/** Finds the active driver and encodes an envelope for it; undefined for an envelope with nothing in it. */
export async function prepareEnvelope(
  context: ClientContext,
  activeDriver: ActiveDriverFinder,
  envelope: DriverConfigEnvelope | undefined,
  options: PrepareEnvelopeOptions,
): Promise<PreparedDriverConfig | undefined> {
  if (envelope === undefined || Object.keys(envelope).length === 0) return undefined
  return prepareDriverConfig(envelope, await activeDriver.find(context, options.signal), options)
}
