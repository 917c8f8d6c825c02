import { rm } from 'node:fs/promises'
import type { EndContext, Sandbox } from '@openshell-ts/driver-kit'
import type { LocalProcessConfig } from './local-process-config.js'
import type { LocalProcessSettings } from './local-process-settings.js'
import { readProcessRecord, removeProcessRecord } from './process-record.js'
import { sandboxLayout } from './sandbox-layout.js'
import { endSandboxProcesses } from './sandbox-processes.js'

// Only for a block that this version of the driver cannot read any more.
const FALLBACK_GRACE_MS = 10_000

/** Ends all processes of a sandbox; returns when the last one is gone. Nothing happens when none runs. */
export async function stopSandbox(
  { directory }: Sandbox,
  { config }: EndContext<LocalProcessConfig, LocalProcessSettings>,
): Promise<void> {
  const { home, processFile } = sandboxLayout(directory)
  const leader = readProcessRecord(processFile)
  await endSandboxProcesses({ directory, leader }, { graceMs: config?.stop.timeout_ms ?? FALLBACK_GRACE_MS })
  removeProcessRecord(processFile)
  if (config?.keep_files === false) await rm(home, { recursive: true, force: true })
}
