import type { DescMessage } from '@bufbuild/protobuf'
import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import type { Violation } from '../errors/openshell-error.js'
import type { SandboxCreateSpec } from '../model/template.js'
import { writePlain } from './plain/write-plain.js'
import { policyProblems } from './policy-problems.js'
import { rawSpecProblems, readRawSpec } from './raw-spec.js'
import { toSandboxSpec } from './sandbox-spec.js'

/** How a line describes what a create holds. */
export interface SpecDescriptions<Policy extends DescMessage> {
  readonly policy: Policy
  readonly spec: DescMessage
}

/** Writes the spec of a create, with its policy and its raw fields by their descriptions on a line. */
export function toCreateSpec<Policy extends DescMessage>(
  descriptions: SpecDescriptions<Policy>,
  spec: Omit<SandboxCreateSpec, 'driverConfig'>,
  driverConfig: JsonObject | undefined,
) {
  const policy = spec.policy && writePlain(descriptions.policy, spec.policy, { rpc: 'CreateSandbox', path: 'policy' })
  const raw = readRawSpec(descriptions.spec, spec.rawSpec)
  const { template, ...named } = toSandboxSpec(spec, driverConfig)
  return {
    ...(raw.spec as Partial<typeof named>),
    ...named,
    template: { ...(raw.template as Partial<typeof template>), ...template },
    ...(policy ? { policy } : {}),
  }
}

/** What a gateway of a line would drop, change or refuse of the parts of a create that each line describes by itself. */
export function specProblems(
  { policy, spec }: SpecDescriptions<DescMessage>,
  { policy: givenPolicy, rawSpec }: Pick<SandboxCreateSpec, 'policy' | 'rawSpec'>,
): readonly Violation[] {
  return [
    ...(givenPolicy === undefined ? [] : policyProblems(policy, givenPolicy)),
    ...(rawSpec === undefined ? [] : rawSpecProblems(spec, rawSpec)),
  ]
}
