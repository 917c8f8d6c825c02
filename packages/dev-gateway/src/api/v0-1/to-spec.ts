import { create } from '@bufbuild/protobuf'
import { type SandboxSpec, SandboxSpecSchema } from '@openshell-ts/protocol/v0-0'
import { type SandboxSpec as LaterSpec, SandboxSpecSchema as LaterSpecSchema } from '@openshell-ts/protocol/v0-1'
import type { SandboxRow } from '../../records/sandbox-row.js'
import { fromLaterPolicy, toLaterPolicy } from '../../wire/policy-words.js'

/** A spec of this line as the gateway keeps it; what only this line knows is kept beside it. */
export function fromLaterSpec(spec: LaterSpec): SandboxSpec {
  const { policy, $typeName: _name, $unknown: _unknown, ...fields } = spec
  return create(SandboxSpecSchema, { ...fields, ...(policy && { policy: fromLaterPolicy(policy) }) })
}

/** The spec of a row as this line shows it. */
export function toLaterSpec({ spec, launch }: SandboxRow): LaterSpec {
  const { policy, $typeName: _name, $unknown: _unknown, ...fields } = spec
  return create(LaterSpecSchema, {
    ...fields,
    ...(policy && { policy: toLaterPolicy(policy) }),
    restartPolicy: launch?.restartPolicy ?? 0,
    providerAttachmentEpoch: launch?.attachmentEpoch ?? '',
  })
}
