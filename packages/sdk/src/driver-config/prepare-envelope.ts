import type { DriverConfigChecker, DriverConfigEnvelope } from '@openshell-ts/driver-config/envelope'
import type { ClientContext } from '../client-context.js'
import type { ActiveDriverFinder } from './active-driver.js'
import { type PreparedDriverConfig, prepareDriverConfig } from './prepare-driver-config.js'

/** Finds the active driver and encodes an envelope for it; undefined for an envelope with nothing in it. */
export async function prepareEnvelope(
  context: ClientContext,
  activeDriver: ActiveDriverFinder,
  envelope: DriverConfigEnvelope | undefined,
  {
    checkers,
    signal,
  }: { readonly checkers: readonly DriverConfigChecker[]; readonly signal?: AbortSignal | undefined },
): Promise<PreparedDriverConfig | undefined> {
  if (envelope === undefined || Object.keys(envelope).length === 0) return undefined
  return prepareDriverConfig(envelope, await activeDriver.find(context, signal), checkers)
}
