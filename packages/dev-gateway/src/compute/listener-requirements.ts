import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { status } from '@grpc/grpc-js'
import type { GatewayListenerRequirement } from '@openshell-ts/protocol/compute'
import type { DriverClient } from '../driver/driver-client.js'
import { GatewayStartError } from '../errors/gateway-start-error.js'
import { StatusError } from '../errors/status-error.js'

/**
 * Asks the driver where it wants the gateway to listen, and refuses what the real gateway refuses.
 *
 * The development gateway listens on 127.0.0.1 only, so an address that this does not cover stops the start.
 *
 * @throws GatewayStartError for refused addresses; StatusError for a driver's error other than UNIMPLEMENTED.
 */
export async function checkListenerRequirements(driver: DriverClient, driverName: string, port: number): Promise<void> {
  for (const requirement of await readRequirements(driver)) checkRequirement(requirement, driverName, port)
}

async function readRequirements(driver: DriverClient): Promise<readonly GatewayListenerRequirement[]> {
  try {
    return (await driver.call('getGatewayListenerRequirements', {})).requirements
  } catch (error) {
    if (error instanceof StatusError && error.code === status.UNIMPLEMENTED) return []
    throw error
  }
}

function checkRequirement({ selector, reason }: GatewayListenerRequirement, driverName: string, port: number): void {
  switch (selector.case) {
    case 'loopbackInterface':
      return
    case 'defaultRouteInterface':
      throw configuration(defaultRouteText(driverName, reason))
    case 'exactBindAddress':
      checkAddress(selector.value, driverName, port)
      return
    default:
      throw new GatewayStartError(
        'execution',
        `failed to create compute runtime: compute driver '${driverName}' returned a gateway listener requirement without a selector`,
      )
  }
}

function checkAddress(address: string, driverName: string, port: number): void {
  const parsed = parseAddress(address)
  if (!parsed) {
    throw new GatewayStartError(
      'execution',
      `failed to create compute runtime: compute driver '${driverName}' returned invalid gateway listener address '${address}': invalid socket address syntax`,
    )
  }
  const requested = 'compute driver requested'
  if (parsed.host === '0.0.0.0' || parsed.host === '::') {
    throw configuration(`${requested} wildcard gateway listener ${address}`)
  }
  if (isMulticast(parsed.host)) {
    throw configuration(`${requested} multicast gateway listener ${address}`)
  }
  if (parsed.port === 0) throw configuration(`${requested} zero-port gateway listener ${address}`)
  if (parsed.port !== port) {
    throw configuration(
      `${requested} gateway listener ${address} with port ${parsed.port}, but the primary listener uses port ${port}`,
    )
  }
  if (parsed.host !== '127.0.0.1') {
    throw configuration(`${requested} gateway listener ${address}, but this gateway listens on 127.0.0.1 only`)
  }
}

function isMulticast(host: string): boolean {
  const multicast = new BlockList()
  multicast.addSubnet('224.0.0.0', 4, 'ipv4')
  multicast.addSubnet('ff00::', 8, 'ipv6')
  return multicast.check(host, isIPv4(host) ? 'ipv4' : 'ipv6')
}

function parseAddress(address: string): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address) ?? []
  const port = Number(digits)
  if (digits === '' || port > 65_535) return undefined
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : undefined
  return plain !== undefined && isIPv4(plain) ? { host: plain, port } : undefined
}

function defaultRouteText(driverName: string, reason: string): string {
  const address = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .find((entry) => entry.family === 'IPv4' && !entry.internal)?.address
  const text = `compute driver '${driverName}' requested the gateway default-route interface, but `
  if (address !== undefined && !isPrivate(address)) {
    return `${text}its resolved address ${address} is not a private IPv4 address (reason: ${reason})`
  }
  return `${text}this gateway listens on 127.0.0.1 only (reason: ${reason})`
}

function isPrivate(address: string): boolean {
  return /^10\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\./.test(address)
}

function configuration(text: string): GatewayStartError {
  return new GatewayStartError('configuration', text)
}
