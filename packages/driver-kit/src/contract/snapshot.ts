import { create } from '@bufbuild/protobuf'
import { type DriverSandbox, DriverSandboxSchema } from '@openshell-ts/protocol/compute'
import type { SandboxState } from '../driver/sandbox-state.js'
import { toConditions } from './conditions.js'
import { encodeOnce } from './encode-once.js'

/** What a snapshot shows of a sandbox. */
export interface SandboxSnapshot {
  readonly id: string
  readonly name: string
  readonly workspace: string
  readonly state: SandboxState
  /** Since when it is in this state, as RFC 3339 text. */
  readonly since: string
  readonly restarted: boolean
  readonly deleting: boolean
}

/** What one answer may have, see `fitList`. Gateways read no larger one. */
const answerLimitBytes = 4_194_304
/** What a sandbox takes in a list besides its own bytes: a tag and a length. */
const framingBytes = 6

/**
 * The message that reports a sandbox. Names are echoed exactly, because a gateway rejects a snapshot with another name
 * whole; the spec is left out, because all snapshots together must fit one message.
 */
export function toDriverSandbox(snapshot: SandboxSnapshot): DriverSandbox {
  const { id, name, workspace, state, since, restarted, deleting } = snapshot
  const conditions = toConditions(state, { since: new Date(since), restarted })
  return create(DriverSandboxSchema, { id, name, workspace, status: { name, conditions, deleting } })
}

/**
 * The snapshots as a list that gateways can read: whole when they fit one answer, else without the messages of their
 * conditions, and with ids and names alone when there are still too many. Of a list, gateways use the ids only.
 */
export function fitList(sandboxes: readonly DriverSandbox[], limitBytes = answerLimitBytes): readonly DriverSandbox[] {
  if (fits(sandboxes, limitBytes)) return sandboxes
  const brief = sandboxes.map(withoutMessages)
  if (fits(brief, limitBytes)) return brief
  return sandboxes.map(({ id, name, workspace }) => create(DriverSandboxSchema, { id, name, workspace }))
}

function fits(sandboxes: readonly DriverSandbox[], limitBytes: number): boolean {
  let bytes = 0
  for (const sandbox of sandboxes) {
    bytes += encodeOnce(DriverSandboxSchema, sandbox).length + framingBytes
    if (bytes > limitBytes) return false
  }
  return true
}

function withoutMessages(sandbox: DriverSandbox): DriverSandbox {
  const { status } = sandbox
  if (status === undefined) return sandbox
  const conditions = status.conditions.map((condition) => ({ ...condition, message: '' }))
  return { ...sandbox, status: { ...status, conditions } }
}
