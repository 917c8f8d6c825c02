import { BlockList, isIP } from 'node:net'

/** True for hosts that mean this machine: `localhost`, names below it, and loopback addresses. */
export function isLoopbackHost(host: string): boolean {
  const version = isIP(host)
  if (version === 0) return /(^|\.)localhost\.?$/i.test(host)
  const loopback = new BlockList()
  loopback.addSubnet('127.0.0.0', 8, 'ipv4')
  loopback.addAddress('::1', 'ipv6')
  return loopback.check(host, version === 4 ? 'ipv4' : 'ipv6')
}
