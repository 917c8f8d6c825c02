import type { NetworkEndpoint, NetworkPolicyRule } from '@openshell-ts/protocol/v0-0'
import { isInternalAddress } from '../policies/blocked-hosts.js'

const databasePorts = new Set([5432, 3306, 6379, 27017, 9200, 11211, 5672])
const lastRegisteredPort = 49_152

/** What a reviewer should consider before a rule is approved; empty when there is nothing. */
export function securityNotes({ endpoints }: NetworkPolicyRule): string {
  return endpoints.flatMap(endpointNotes).join(' ')
}

function endpointNotes(endpoint: NetworkEndpoint): string[] {
  const host = endpoint.host.toLowerCase()
  const notes: string[] = []
  if (endpoint.allowUninspectedCredentials) {
    notes.push(`Endpoint '${host}' explicitly allows credentials on traffic OpenShell cannot inspect or rewrite.`)
  }
  if (isInternalAddress(host)) notes.push(`Destination '${host}' appears to be an internal/private address.`)
  if (host.includes('*')) {
    notes.push(`Host '${host}' contains a wildcard — this may match unintended destinations.`)
  }
  for (const range of endpoint.allowedIps) {
    if (isInternalAddress(range.split('/')[0] ?? '')) {
      notes.push(`allowed_ips includes private/internal range '${range}'.`)
    }
  }
  if (host.trim() === '' && endpoint.allowedIps.length > 0) {
    notes.push('allowed_ips allowlist is hostless and may match any hostname resolving within the configured range.')
  }
  return [...notes, ...portNotes(endpoint)]
}

function portNotes({ port, ports }: NetworkEndpoint): string[] {
  return (ports.length > 0 ? ports : [port]).flatMap((one) => {
    if (one > lastRegisteredPort) {
      return [`Port ${one} is in the ephemeral range — this may be a temporary service.`]
    }
    return databasePorts.has(one) ? [`Port ${one} is a well-known database/service port.`] : []
  })
}
