import { Inference, OpenShell } from '@openshell-ts/protocol/v0-0'
import { OpenShell as LaterOpenShell } from '@openshell-ts/protocol/v0-1'

/** The names of the RPCs that a gateway has on either line, without their services. */
export const gatewayRpcs: ReadonlySet<string> = new Set(
  [OpenShell, Inference, LaterOpenShell].flatMap(({ methods }) => methods.map(({ name }) => name)),
)
