import { isIP, SocketAddress } from 'node:net'
import { violation } from '../checks/check-text.js'
import { throwViolations } from '../checks/throw-violations.js'
import type { Violation } from '../errors/openshell-error.js'
import type { ForwardTarget } from '../wire/forward-calls.js'
import type { PortForwardOptions, PortTarget } from './port-options.js'

/** True for `localhost` and loopback addresses, as the gateway sees them; not for brackets and mapped addresses. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true
  if (isIP(host) === 4) return host.startsWith('127.')
  return isIP(host) === 6 && new SocketAddress({ address: host, family: 'ipv6' }).address === '::1'
}

/** What goes on the wire. Throws kind `invalid-argument` with every problem. */
export function toForwardTarget(options: PortTarget): ForwardTarget & { readonly type: 'tcp' } {
  throwViolations('ForwardTcp', checkTarget(options))
  return { type: 'tcp', host: options.targetHost ?? '127.0.0.1', port: options.targetPort }
}

/** Throws kind `invalid-argument` with every problem of a listener. */
export function checkForward(options: PortForwardOptions): void {
  const { localPort = 0, localHost = '127.0.0.1', allowRemote = false } = options
  throwViolations('ports.forward', [
    ...checkTarget(options),
    ...checkPort('localPort', localPort, 0),
    ...(allowRemote || isLoopback(localHost)
      ? []
      : [
          violation(
            'localHost',
            'NOT_LOOPBACK',
            'lets other machines into the sandbox; set allowRemote if you mean it',
          ),
        ]),
  ])
}

function checkTarget({ targetPort, targetHost = '127.0.0.1' }: PortTarget): Violation[] {
  return [
    ...checkPort('targetPort', targetPort, 1),
    ...(isLoopback(targetHost)
      ? []
      : [violation('targetHost', 'NOT_LOOPBACK', 'must be localhost or a loopback address, without brackets')]),
  ]
}

function checkPort(field: string, port: number, minimum: number): Violation[] {
  if (Number.isInteger(port) && port >= minimum && port <= 65_535) return []
  return [violation(field, 'OUT_OF_RANGE', `must be a whole number from ${minimum} to 65535`)]
}
