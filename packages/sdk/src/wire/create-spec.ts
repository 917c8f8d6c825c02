import type { DescMessage } from '@bufbuild/protobuf'
import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import type { SandboxCreateSpec } from '../template.js'
import { writePlain } from './plain/write-plain.js'
import { toSandboxSpec } from './sandbox-spec.js'

/** Writes the spec of a create, with its policy by the policy's description on a line. */
export function toCreateSpec<Policy extends DescMessage>(
  description: Policy,
  spec: Omit<SandboxCreateSpec, 'driverConfig'>,
  driverConfig: JsonObject | undefined,
) {
  const policy = spec.policy && writePlain(description, spec.policy, { rpc: 'CreateSandbox', path: 'policy' })
  return { ...toSandboxSpec(spec, driverConfig), ...(policy ? { policy } : {}) }
}
