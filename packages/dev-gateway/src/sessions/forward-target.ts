import { isIP } from 'node:net'
import { invalidArgument } from '../errors/status-error.js'
import type { RelayTarget } from './relay-broker.js'

/** The target of a forward as it is on the wire. */
export type WireForwardTarget =
  | { readonly case: 'ssh' }
  | { readonly case: 'tcp'; readonly value: { readonly host: string; readonly port: number } }
  | { readonly case: undefined }

/**
 * Where a forward may lead: the sandbox's SSH server, or a port of its loopback interface. `localhost` becomes `127.0.0.1`.
 *
 * @throws StatusError INVALID_ARGUMENT for every other target.
 */
export function forwardTarget(target: WireForwardTarget): RelayTarget {
  if (target.case === undefined) throw invalidArgument('tcp forward target is required')
  if (target.case === 'ssh') return { type: 'ssh' }
  const host = target.value.host.trim()
  const { port } = target.value
  if (host === '') throw invalidArgument('tcp target host is required')
  if (port < 1 || port > 65_535) throw invalidArgument('tcp target port must be between 1 and 65535')
  if (host.toLowerCase() === 'localhost') return { type: 'tcp', host: '127.0.0.1', port }
  if (!isLoopback(host)) throw invalidArgument('tcp target host must be loopback')
  return { type: 'tcp', host, port }
}

// Addresses in brackets and IPv4 addresses in IPv6 form are refused.
function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.')
  return isIP(host) === 6 && /^(0{0,4}:){1,7}0{0,3}1$/.test(host)
}
