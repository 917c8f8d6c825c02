import { ReplayBuffer } from './replay-buffer.js'
import { SandboxStore } from './sandbox-store.js'
import type { StateDirectory } from './state-directory.js'
import { WorkspaceStore } from './workspace-store.js'

/** A platform event of a driver, as clients see it. */
export interface PlatformEventRecord {
  readonly timestampMs: bigint
  readonly source: string
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly metadata: Readonly<Record<string, string>>
}

/** One line of a sandbox's log. */
export interface LogLineRecord {
  readonly timestampMs: bigint
  readonly level: string
  readonly target: string
  readonly message: string
  /** `gateway` for the gateway's own lines, `sandbox` for those that its supervisor pushed. */
  readonly source: string
  readonly fields: Readonly<Record<string, string>>
}

/** Everything that the gateway remembers. */
export interface GatewayStore {
  readonly sandboxes: SandboxStore
  readonly workspaces: WorkspaceStore
  readonly platformEvents: ReplayBuffer<PlatformEventRecord>
  readonly logs: ReplayBuffer<LogLineRecord>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Creates a store with the default workspace, and with what `directory` has kept, when there is one. */
export function createGatewayStore(now: () => number, directory?: StateDirectory): GatewayStore {
  const saved = directory?.load()
  return {
    sandboxes: new SandboxStore(now, saved?.sandboxes, directory),
    workspaces: new WorkspaceStore(now, saved?.workspaces, directory),
    platformEvents: new ReplayBuffer(50),
    logs: new ReplayBuffer(2000),
    now,
  }
}

/** Removes a sandbox and all that belongs to it. Returns `false` when there was none. */
export function removeSandbox(store: GatewayStore, id: string): boolean {
  const removed = store.sandboxes.remove(id)
  store.platformEvents.forget(id)
  store.logs.forget(id)
  return removed
}
