import type { DescMethod } from '@bufbuild/protobuf'
import { Inference, OpenShell } from '@openshell-ts/protocol/v0-0'
import { OpenShell as LaterOpenShell } from '@openshell-ts/protocol/v0-1'

/** The RPCs that a gateway has on either line, by their names without the service. */
export const gatewayRpcs: ReadonlyMap<string, DescMethod> = new Map(
  [OpenShell, Inference, LaterOpenShell].flatMap(({ methods }) => methods.map((method) => [method.name, method])),
)
