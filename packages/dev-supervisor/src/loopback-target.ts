import { connect, isIP, type Socket } from 'node:net'

/** A loopback address to dial, or why the target is refused. */
export type LoopbackTarget =
  | { readonly type: 'address'; readonly host: string; readonly port: number }
  | { readonly type: 'refused'; readonly reason: string }

/** Which address a relay's TCP target names: port 1 to 65535, host `localhost` in any case, 127.0.0.0/8 or ::1. */
export function toLoopbackTarget(target: { readonly host: string; readonly port: number }): LoopbackTarget {
  const { port } = target
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return { type: 'refused', reason: 'tcp target port must be between 1 and 65535' }
  }
  const name = target.host.trim()
  const host = name.toLowerCase() === 'localhost' ? '127.0.0.1' : name
  if (isIP(host) === 0) return { type: 'refused', reason: 'tcp target host must be an IP address or localhost' }
  if (!isLoopback(host)) return { type: 'refused', reason: 'tcp target host must be loopback' }
  return { type: 'address', host, port }
}

/** Connects to a loopback address. Rejects with the system's error. */
export function dialLoopback({ host, port }: { readonly host: string; readonly port: number }): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

function isLoopback(address: string): boolean {
  return isIP(address) === 4 ? address.startsWith('127.') : /^(0{0,4}:){1,7}0{0,3}1$/.test(address)
}
