import { emptyLaunch, type LaunchRecord } from '../records/sandbox-row.js'
import type { SandboxStore } from './sandbox-store.js'

/**
 * Writes a part of what line 0.1 knows of a sandbox's launch beside what others have written since its row was read. Nothing happens
 * when it is gone.
 */
export function keepLaunch(sandboxes: SandboxStore, id: string, change: Partial<LaunchRecord>): void {
  const { launch = emptyLaunch } = sandboxes.get(id) ?? {}
  sandboxes.update(id, { launch: { ...launch, ...change } })
}
