import { type DescMessage, toBinary } from '@bufbuild/protobuf'
import { violation } from '../checks/check-text.js'
import { OpenShellError, type Violation } from '../errors/openshell-error.js'
import type { SandboxPolicy } from '../model/sandbox-policy.js'
import { writePlain } from './plain/write-plain.js'

const MAX_BYTES = 262_144

/** What a gateway of a line would drop, change or refuse of a policy, by the policy's description on that line. */
export function policyProblems(description: DescMessage, policy: SandboxPolicy): readonly Violation[] {
  try {
    const size = toBinary(description, writePlain(description, policy, { rpc: 'CreateSandbox', path: 'policy' })).length
    if (size <= MAX_BYTES) return []
    return [violation('policy', 'TOO_LONG', `serialized size exceeds maximum (${size} > ${MAX_BYTES})`)]
  } catch (error) {
    if (error instanceof OpenShellError) return error.violations
    throw error
  }
}
