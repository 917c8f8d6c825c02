import { type JsonValue, toJson } from '@bufbuild/protobuf'
import { StructSchema } from '@bufbuild/protobuf/wkt'
import type { ApiContext } from '../api/api-context.js'
import { phaseName } from '../compute/sandbox-lifecycle.js'
import type { RowCondition, SandboxRow } from '../records/sandbox-row.js'
import type { CallTrace } from '../trace/call-trace.js'
import { withoutSecrets } from '../trace/safe-json.js'
import type { TraceEntry } from '../trace/trace-entry.js'

const shownCalls = 50

/** What the status page shows of a sandbox. */
export interface SandboxView {
  readonly id: string
  readonly name: string
  readonly workspace: string
  readonly phase: string
  /** Present once its main process has ended. */
  readonly exitCode?: number
  readonly createdAt: Date
  readonly image: string
  readonly conditions: readonly RowCondition[]
  /** The block that the driver received, without secrets; absent when it received none. */
  readonly block?: JsonValue
}

/** What the status page shows. Holds no secret. */
export interface StatusView {
  readonly version: string
  readonly endpoint: string
  /** The key of the blocks that go to the driver. */
  readonly driverName: string
  /** Oldest first. */
  readonly sandboxes: readonly SandboxView[]
  /** The last 50, newest first. */
  readonly calls: readonly TraceEntry[]
}

/** Reads from a gateway what its status page shows. */
export function viewStatus(gateway: ApiContext, trace: CallTrace): StatusView {
  const { version, address, driverName, store } = gateway
  return {
    version,
    endpoint: `${address.scheme}://${address.host}:${address.port}`,
    driverName,
    sandboxes: store.sandboxes.list().map((row) => viewSandbox(row, driverName)),
    calls: trace.recent().slice(-shownCalls).reverse(),
  }
}

function viewSandbox(row: SandboxRow, driverName: string): SandboxView {
  const { id, name, workspace, spec, status, createdAtMs } = row
  const block = readBlock(row, driverName)
  return {
    id,
    name,
    workspace,
    phase: phaseName(status.phase),
    ...(status.exitCode !== undefined && { exitCode: status.exitCode }),
    createdAt: new Date(createdAtMs),
    image: spec.template?.image ?? '',
    conditions: status.conditions,
    ...(block !== undefined && { block }),
  }
}

function readBlock({ driverConfig }: SandboxRow, driverName: string): JsonValue | undefined {
  const block = driverConfig?.fields[driverName]
  if (block?.kind.case !== 'structValue') return undefined
  try {
    return withoutSecrets(toJson(StructSchema, block.kind.value))
  } catch {
    return '(holds a member without a value)'
  }
}
