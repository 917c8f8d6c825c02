import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type { ComputeDriver, GetCapabilitiesResponseSchema } from '@openshell-ts/protocol/compute'

type Methods = typeof ComputeDriver.method
/** The methods of a driver that have one answer. */
export type UnaryMethod = Exclude<keyof Methods, 'watchSandboxes'>
/** What a method is asked. */
export type DriverRequest<Name extends UnaryMethod> = MessageShape<Methods[Name]['input']>
/** What a method answers. */
export type DriverAnswer<Name extends UnaryMethod> = MessageInitShape<Methods[Name]['output']>
/** The answers to every method. */
export type DriverAnswers = {
  readonly [Name in UnaryMethod]: (request: DriverRequest<Name>) => DriverAnswer<Name> | Promise<DriverAnswer<Name>>
}

const contractCapability = 'openshell.compute.contract'

/** What a simulated driver says about itself, for gateways of both lines. */
export function simulatedCapabilities(
  name: string,
  defaultImage: string,
): MessageInitShape<typeof GetCapabilitiesResponseSchema> {
  const limit = { limitSupported: true }
  return {
    driverName: name,
    driverVersion: 'simulated',
    defaultImage,
    resourceCapabilities: {
      cpu: limit,
      memory: limit,
      gpu: { defaultSelectionSupported: true, countSelectionSupported: true },
    },
    extension: {
      protocolVersion: { major: 1, minor: 0 },
      implementationName: `simulated/${name}`,
      implementationVersion: '1',
      supportedCapabilities: [contractCapability],
      requiredCapabilities: [contractCapability],
    },
    resourceAdmissionPolicy: 'v1:{}',
  }
}
