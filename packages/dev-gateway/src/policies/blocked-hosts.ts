import { BlockList, isIP } from 'node:net'
import type { NetworkPolicyRule } from '@openshell-ts/protocol/v0-0'
import { invalidArgument } from '../errors/status-error.js'

// Destinations that a sandbox's proxy denies whatever a policy says.
const blocked = addressList(['127.0.0.0/8', '169.254.0.0/16', '0.0.0.0/32', '::1/128', 'fe80::/10', '::/128'])
const internal = addressList(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'])

/** True for an address of a private network. False for names, and for addresses that are blocked anyway. */
export function isInternalAddress(host: string): boolean {
  return contains(internal, host) && !contains(blocked, host)
}

/** @throws StatusError INVALID_ARGUMENT for a rule that could never let anything through. */
export function checkRuleNotBlocked({ endpoints }: NetworkPolicyRule): void {
  for (const { host, allowedIps } of endpoints) {
    checkHostNotBlocked(host)
    for (const range of allowedIps) {
      // The first address stands for the range: what is blocked is blocked as a whole network.
      const [address = ''] = range.split('/')
      if (!contains(blocked, address)) continue
      throw invalidArgument(
        `proposed rule contains always-blocked \`allowed_ips\` entry '${range}'; SSRF hardening prevents traffic to ` +
          'these destinations regardless of policy',
      )
    }
  }
}

/** @throws StatusError INVALID_ARGUMENT for a host that every sandbox's proxy denies. */
export function checkHostNotBlocked(text: string): void {
  const host = text.trim()
  if (contains(blocked, host)) {
    throw invalidArgument(
      `proposed rule endpoint host '${host}' is an always-blocked address (loopback/link-local/unspecified); the proxy ` +
        'will deny traffic to this destination regardless of policy',
    )
  }
  const name = host.toLowerCase().replace(/\.$/, '')
  if (name === 'localhost') {
    throw invalidArgument(
      "proposed rule endpoint host 'localhost' is always blocked; the proxy will deny traffic to loopback regardless of " +
        'policy',
    )
  }
  if (name === 'metadata.google.internal') {
    throw invalidArgument(
      `proposed rule endpoint host '${host}' is a known cloud metadata hostname; the proxy will deny traffic to this ` +
        'destination regardless of policy',
    )
  }
}

function addressList(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/')
    list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}

function contains(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}
