import { create } from '@bufbuild/protobuf'
import { advertiseConfig } from '@openshell-ts/driver-config'
import { type GetCapabilitiesResponse, GetCapabilitiesResponseSchema } from '@openshell-ts/protocol/compute'
import type { Driver } from '../driver/driver.js'

const contractCapability = 'openshell.compute.contract'

/**
 * The answer to GetCapabilities. It is made once a process: a gateway of line 0.1 asks before every operation and compares
 * the acknowledgement byte by byte. The fields of line 0.1 are always filled, because gateways of line 0.0 skip them.
 */
export function toCapabilities(driver: Driver, acknowledgement: string): GetCapabilitiesResponse {
  const { name, version, domain, config, advertiseConfig: advertises = false, capabilities = {} } = driver
  const { resources = {} } = capabilities
  return create(GetCapabilitiesResponseSchema, {
    driverName: name,
    driverVersion: advertises ? advertiseConfig(version, config) : version,
    defaultImage: capabilities.defaultImage ?? '',
    gatewayManagesLifecycle: capabilities.gatewayManagesLifecycle ?? false,
    supportsSandboxAuthentication: driver.authenticate !== undefined,
    driverReportsRuntimeReadiness: capabilities.reportsRuntimeReadiness ?? false,
    resourceCapabilities: {
      cpu: { limitSupported: resources.cpuLimit ?? false },
      memory: { limitSupported: resources.memoryLimit ?? false },
      gpu: {
        defaultSelectionSupported: resources.gpu ?? false,
        countSelectionSupported: resources.gpuCount ?? false,
      },
    },
    extension: {
      protocolVersion: { major: 1, minor: 0 },
      implementationName: `${domain}/${name}`,
      implementationVersion: version,
      supportedCapabilities: [contractCapability],
      requiredCapabilities: [contractCapability],
    },
    resourceAdmissionPolicy: acknowledgement,
  })
}
