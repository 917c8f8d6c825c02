import { create } from '@bufbuild/protobuf'
import { type DriverSandbox, DriverSandboxSchema } from '@openshell-ts/protocol/compute'
import type { SandboxState } from '../sandbox-state.js'
import { toConditions } from './conditions.js'

/** What a snapshot shows of a sandbox. */
export interface SandboxSnapshot {
  readonly id: string
  readonly name: string
  readonly workspace: string
  readonly state: SandboxState
  readonly since: Date
  readonly restarted: boolean
  readonly deleting: boolean
}

/**
 * The message that reports a sandbox. Names are echoed exactly, because a gateway rejects a snapshot with another name
 * whole; the spec is left out, because all snapshots together must fit one message.
 */
export function toDriverSandbox(snapshot: SandboxSnapshot): DriverSandbox {
  const { id, name, workspace, deleting } = snapshot
  return create(DriverSandboxSchema, {
    id,
    name,
    workspace,
    status: { name, conditions: toConditions(snapshot.state, snapshot), deleting },
  })
}
