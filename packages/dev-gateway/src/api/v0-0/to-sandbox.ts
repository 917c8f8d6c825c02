import { create } from '@bufbuild/protobuf'
import { type Sandbox, SandboxSchema } from '@openshell-ts/protocol/v0-0'
import type { RowStatus, SandboxRow } from '../../records/sandbox-row.js'

/** Shows a row as the public API does. */
export function toSandbox(row: SandboxRow): Sandbox {
  return create(SandboxSchema, {
    metadata: {
      id: row.id,
      name: row.name,
      createdAtMs: BigInt(row.createdAtMs),
      labels: row.labels,
      resourceVersion: BigInt(row.resourceVersion),
      annotations: row.annotations,
      workspace: row.workspace,
    },
    spec: row.spec,
    status: toStatus(row.status),
  })
}

function toStatus(status: RowStatus) {
  const { exitCode, conditions, ...fields } = status
  return {
    ...fields,
    conditions: [...conditions],
    ...(exitCode !== undefined && { exitCode }),
  }
}
