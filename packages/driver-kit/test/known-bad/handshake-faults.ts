import { status as codes } from '@grpc/grpc-js'
import type { GetCapabilitiesResponse } from '@openshell-ts/protocol/compute'
import { type DriverFault, toServiceError } from './forwarding-driver.js'
import type { KnownBad } from './known-bad.js'

let answers = 0

const claimsAuthentication = answersCapabilities((capabilities) => ({
  ...capabilities,
  supportsSandboxAuthentication: true,
}))

/** Drivers that a gateway refuses to start with, or stops to trust. */
export const handshakeFaults: readonly KnownBad[] = [
  {
    driver: 'does not introduce itself',
    mustFail: 'handshake/extension',
    line: '0.1',
    fault: answersCapabilities(({ extension: _, ...capabilities }) => capabilities),
  },
  {
    driver: 'speaks another major version',
    mustFail: 'handshake/extension',
    line: '0.1',
    fault: answersCapabilities((capabilities) => {
      if (capabilities.extension?.protocolVersion) capabilities.extension.protocolVersion.major = 2
      return capabilities
    }),
  },
  {
    driver: 'requires what the gateway has not',
    mustFail: 'handshake/extension',
    line: '0.1',
    fault: answersCapabilities((capabilities) => {
      capabilities.extension?.requiredCapabilities.push('openshell.compute.launch-authentication')
      return capabilities
    }),
  },
  {
    driver: 'acknowledges nothing',
    mustFail: 'handshake/acknowledgement',
    line: '0.1',
    fault: answersCapabilities((capabilities) => ({ ...capabilities, resourceAdmissionPolicy: '' })),
  },
  {
    driver: 'tells another version each time',
    mustFail: 'handshake/constant',
    fault: answersCapabilities((capabilities) => ({ ...capabilities, driverVersion: `1.0.${answers++}` })),
  },
  {
    driver: 'claims to authenticate sandboxes and does not',
    mustFail: 'handshake/authenticate',
    line: '0.1',
    fault: claimsAuthentication,
  },
  {
    driver: 'authenticates sandboxes and names no identity',
    mustFail: 'handshake/runtime-identity',
    line: '0.1',
    fault: {
      calls: {
        ...claimsAuthentication.calls,
        async createSandbox(request, good) {
          return { ...(await good.unary('createSandbox', request)), runtimeIdentity: '' }
        },
      },
    },
  },
  {
    driver: 'wants the gateway to introduce itself on line 0.0',
    mustFail: 'handshake/capabilities',
    fault: {
      calls: {
        async getCapabilities(request, good) {
          if (request.gateway === undefined) throw toServiceError(codes.INVALID_ARGUMENT, 'gateway is required')
          return good.unary('getCapabilities', request)
        },
      },
    },
  },
]

/** Drivers that take a request for more than they can do. */
export const requestFaults: readonly KnownBad[] = [
  {
    driver: 'ignores memory limits without a word',
    mustFail: 'request/memory-limit',
    fault: {
      calls: {
        async validateSandboxCreate(request, good) {
          const template = request.sandbox?.spec?.template
          if (template !== undefined) delete template.resources
          return good.unary('validateSandboxCreate', request)
        },
      },
    },
  },
  {
    driver: 'ignores a GPU without a word',
    mustFail: 'request/gpu',
    fault: {
      calls: {
        async validateSandboxCreate(request, good) {
          if (request.sandbox?.spec !== undefined) delete request.sandbox.spec.resourceRequirements
          return good.unary('validateSandboxCreate', request)
        },
      },
    },
  },
]

function answersCapabilities(change: (capabilities: GetCapabilitiesResponse) => GetCapabilitiesResponse): DriverFault {
  return {
    calls: {
      getCapabilities: async (request, good) => change(await good.unary('getCapabilities', request)),
    },
  }
}
