import { normalizeDriverName } from '../driver/driver-name.js'
import { GatewayStartError } from '../errors/gateway-start-error.js'

/** The driver that a gateway uses. */
export interface ChosenDriver<Driver> {
  /** Its name as a key. */
  readonly name: string
  readonly driver: Driver
}

/**
 * The one driver that a gateway can use.
 *
 * @throws GatewayStartError when there is none, more than one, or one whose name is no driver's name.
 */
export function chooseDriver<Driver extends { readonly name: string }>(
  drivers: readonly Driver[],
): ChosenDriver<Driver> {
  const named = drivers.map((driver) => ({ name: checkedDriverName(driver.name), driver }))
  const [chosen, ...others] = named
  if (!chosen) {
    throw problem('No compute driver is given; name one and the socket that it listens on.')
  }
  if (others.length === 0) return chosen
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
