import { createHash } from 'node:crypto'
import { toBinary } from '@bufbuild/protobuf'
import {
  FilesystemPolicySchema,
  LandlockPolicySchema,
  NetworkMiddlewareConfigSchema,
  NetworkPolicyRuleSchema,
  ProcessPolicySchema,
  type SandboxPolicy,
} from '@openshell-ts/protocol/v0-0'

/** A policy's hash in hexadecimal: the same for equal policies, in whatever order their rules stand. */
export function policyHash(policy: SandboxPolicy): string {
  const parts = [
    policy.version,
    policy.filesystem && hex(toBinary(FilesystemPolicySchema, policy.filesystem)),
    policy.landlock && hex(toBinary(LandlockPolicySchema, policy.landlock)),
    policy.process && hex(toBinary(ProcessPolicySchema, policy.process)),
    byKey(policy.networkPolicies, (rule) => toBinary(NetworkPolicyRuleSchema, rule)),
    byKey(policy.networkMiddlewares, (middleware) => toBinary(NetworkMiddlewareConfigSchema, middleware)),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

function byKey<Value>(map: Readonly<Record<string, Value>>, encode: (value: Value) => Uint8Array) {
  return Object.entries(map)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => [key, hex(encode(value))])
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
