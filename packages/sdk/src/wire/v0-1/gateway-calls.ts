import type { GetGatewayInfoResponse, NegotiatedExtensionInfo, ResourceCapabilities } from '@openshell-ts/protocol/v0-1'
import type { DriverResources, GatewayExtension, GatewayInfo } from '../../model/gateway-info.js'
import { EXTENSION_KINDS, wordOf } from '../enum-words.js'
import type { GatewayCalls } from '../gateway-calls.js'
import { toCurrentUser, toGatewayHealth, toGatewayInfo } from '../gateway-replies.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'

export function gatewayCalls(client: OpenShellServiceClient): GatewayCalls {
  return {
    async health(call) {
      return toGatewayHealth(await client.health({}, toCallOptions(call)))
    },
    async currentUser(call) {
      return toCurrentUser(await client.getCurrentUser({}, toCallOptions(call)))
    },
    async info(call) {
      return readInfo(await client.getGatewayInfo({}, toCallOptions(call)))
    },
  }
}

function readInfo(reply: GetGatewayInfoResponse): GatewayInfo {
  const info = toGatewayInfo(reply)
  return {
    ...info,
    computeDrivers: info.computeDrivers.map((driver, index) => {
      const capabilities = reply.computeDrivers[index]?.capabilities?.resourceCapabilities
      return capabilities ? { ...driver, resources: toResources(capabilities) } : driver
    }),
    extensions: reply.extensions.map(toExtension),
  }
}

function toResources({ cpu, memory, gpu }: ResourceCapabilities): DriverResources {
  return {
    cpuLimit: cpu?.limitSupported ?? false,
    memoryLimit: memory?.limitSupported ?? false,
    gpuWithoutCount: gpu?.defaultSelectionSupported ?? false,
    gpuCount: gpu?.countSelectionSupported ?? false,
  }
}

function toExtension(extension: NegotiatedExtensionInfo): GatewayExtension {
  return {
    kind: wordOf(EXTENSION_KINDS, extension.kind),
    name: extension.configuredName,
    implementationName: extension.implementationName,
    implementationVersion: extension.implementationVersion,
    protocolVersion: `${extension.protocolMajor}.${extension.protocolMinor}`,
    capabilities: [...extension.supportedCapabilities],
    requiredCapabilities: [...extension.requiredCapabilities],
  }
}
