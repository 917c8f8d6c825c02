import type { PeerMetadata } from '@openshell-ts/protocol/compute'
import { gatewayMetadata } from './gateway-metadata.js'

const contractCapability = 'openshell.compute.contract'
const capabilityPattern = /^openshell(\.[a-z0-9-]+){2,}$/
const textLimitBytes = 128
const capabilityLimit = 128

/** Why a gateway of line 0.1 would refuse this introduction of a driver; `undefined` when it would not. */
export function findPeerProblem(peer: PeerMetadata | undefined): string | undefined {
  if (peer === undefined) return 'no metadata'
  const { protocolVersion, implementationName, implementationVersion } = peer
  if (protocolVersion === undefined) return 'no protocol_version'
  if (protocolVersion.major !== 1) return `protocol_version ${protocolVersion.major}.${protocolVersion.minor}`
  return (
    textProblem('implementation_name', implementationName) ??
    textProblem('implementation_version', implementationVersion) ??
    listProblem('supported_capabilities', peer.supportedCapabilities) ??
    listProblem('required_capabilities', peer.requiredCapabilities) ??
    (peer.supportedCapabilities.includes(contractCapability)
      ? undefined
      : `supported_capabilities without ${contractCapability}`) ??
    requirementProblem(peer.requiredCapabilities)
  )
}

function textProblem(field: string, text: string): string | undefined {
  if (text.trim() === '') return `a blank ${field}`
  if (/\p{Cc}/u.test(text)) return `control characters in ${field}`
  return Buffer.byteLength(text) > textLimitBytes ? `more than ${textLimitBytes} bytes in ${field}` : undefined
}

function listProblem(field: string, ids: readonly string[]): string | undefined {
  if (ids.length > capabilityLimit) return `more than ${capabilityLimit} entries in ${field}`
  if (new Set(ids).size < ids.length) return `duplicates in ${field}`
  const wrong = ids.find((id) => !capabilityPattern.test(id) || id.length > textLimitBytes)
  return wrong === undefined ? undefined : `the id ${JSON.stringify(wrong)} in ${field}`
}

// What the gateway of the suite has listed is what every gateway of the line has.
function requirementProblem(required: readonly string[]): string | undefined {
  const missing = required.find((id) => !gatewayMetadata.supportedCapabilities.includes(id))
  return missing === undefined ? undefined : `the required capability ${missing}, which the gateway has not listed`
}
