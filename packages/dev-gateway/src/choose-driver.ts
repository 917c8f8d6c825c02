import { normalizeDriverName } from './compute/driver-name.js'
import type { DevGatewayDriver } from './gateway-options.js'
import { GatewayStartError } from './gateway-start-error.js'

/**
 * The one driver that a gateway can use, with its name as a key.
 *
 * @throws GatewayStartError when there is none, more than one, or one whose name is no driver's name.
 */
export function chooseDriver(drivers: readonly DevGatewayDriver[]): DevGatewayDriver {
  const named = drivers.map(({ name, socketPath }) => ({ name: checkedDriverName(name), socketPath }))
  const [driver, ...others] = named
  if (!driver) {
    throw problem('No compute driver is given; name one and the socket that it listens on.')
  }
  if (others.length === 0) return driver
  const names = named.map(({ name }) => name).join(',')
  throw problem(`multiple compute drivers are not supported yet; configured drivers: ${names}`)
}

/** @throws GatewayStartError with the real gateway's text when a name is no driver's name. */
export function checkedDriverName(name: string): string {
  try {
    return normalizeDriverName(name)
  } catch (error) {
    throw problem(error instanceof Error ? error.message : String(error))
  }
}

function problem(message: string): GatewayStartError {
  return new GatewayStartError('configuration', message)
}
