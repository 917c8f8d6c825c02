import type { MessageInitShape } from '@bufbuild/protobuf'
import type { PeerMetadata, PeerMetadataSchema } from '@openshell-ts/protocol/compute'
import { GatewayStartError } from '../errors/gateway-start-error.js'

const contract = 'openshell.compute.contract'
const gatewayCapabilities: readonly string[] = [contract, 'openshell.compute.launch-authentication']
const textLimit = 128
const listLimit = 128

/** What a gateway of line 0.1 tells a driver about itself. */
export function gatewayMetadata(version: string): MessageInitShape<typeof PeerMetadataSchema> {
  return {
    protocolVersion: { major: 1, minor: 0 },
    implementationName: 'openshell/gateway',
    implementationVersion: version,
    supportedCapabilities: [...gatewayCapabilities],
    requiredCapabilities: [contract],
  }
}

/**
 * Checks what a driver says about itself, as a gateway of line 0.1 does at start. Returns it.
 *
 * @throws GatewayStartError when the two do not fit together.
 */
export function checkPeerMetadata(driverName: string, metadata: PeerMetadata | undefined): PeerMetadata {
  const extension = `compute extension '${driverName}'`
  if (!metadata) throw refusal(`${extension} did not provide protocol metadata; a gateway of line 0.1 requires it`)
  const { protocolVersion: version } = metadata
  if (!version) throw refusal(`${extension} did not provide a protocol version`)
  if (version.major !== 1) {
    throw refusal(`${extension} uses unsupported protocol ${version.major}.${version.minor}; gateway supports 1.0`)
  }
  const problem = describeProblem(metadata)
  if (problem !== undefined) throw refusal(`${extension} has invalid ${problem}`)
  const missing = without([contract], metadata.supportedCapabilities)
  if (missing !== '') throw refusal(`${extension} is missing required capabilities: ${missing}`)
  const unknown = without(metadata.requiredCapabilities, gatewayCapabilities)
  if (unknown !== '') throw refusal(`gateway is missing capabilities required by ${extension}: ${unknown}`)
  return metadata
}

function describeProblem(metadata: PeerMetadata): string | undefined {
  return (
    textProblem('implementation_name', metadata.implementationName) ??
    textProblem('implementation_version', metadata.implementationVersion) ??
    listProblem('supported_capabilities', metadata.supportedCapabilities) ??
    listProblem('required_capabilities', metadata.requiredCapabilities)
  )
}

function textProblem(field: string, text: string): string | undefined {
  if (text.trim() === '') return `${field}: must not be blank`
  if (/\p{Cc}/u.test(text)) return `${field}: must not contain control characters`
  return Buffer.byteLength(text) > textLimit ? `${field}: exceeds ${textLimit} bytes` : undefined
}

function listProblem(field: string, ids: readonly string[]): string | undefined {
  if (ids.length > listLimit) return `${field}: exceeds ${listLimit} entries`
  if (new Set(ids).size < ids.length) return `${field}: contains duplicates`
  const bad = ids.some((id) => id.length > textLimit || !/^openshell(\.[a-z0-9-]+){2,}$/.test(id))
  return bad ? `${field}: contains a malformed capability id` : undefined
}

function without(ids: readonly string[], known: readonly string[]): string {
  return ids.filter((id) => !known.includes(id)).join(', ')
}

function refusal(text: string): GatewayStartError {
  return new GatewayStartError('execution', `failed to create compute runtime: ${text}`)
}
