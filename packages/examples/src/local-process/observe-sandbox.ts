import type { SandboxState } from '@openshell-ts/driver-kit'
import { readProcessRecord } from './process-record.js'
import { isRunning } from './process-table.js'
import { sandboxLayout } from './sandbox-layout.js'

/** Tells from a sandbox's folder, and from the processes that run, what the sandbox does now. */
export function observeSandbox(directory: string): SandboxState {
  const record = readProcessRecord(sandboxLayout(directory).processFile)
  if (record === undefined) return { type: 'stopped' }
  if (record.exitCode !== undefined) return { type: 'exited', exitCode: record.exitCode }
  if (isRunning(record)) return { type: 'running' }
  return {
    type: 'failed',
    reason: 'ProcessLost',
    message: 'The sandbox ended while its driver was away, so its exit code is unknown. Delete it and create another.',
  }
}
