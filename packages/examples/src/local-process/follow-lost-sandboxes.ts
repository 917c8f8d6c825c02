import { setTimeout as delay } from 'node:timers/promises'
import type { Sandbox, WatchContext } from '@openshell-ts/driver-kit'
import type { LocalProcessSettings } from './local-process-settings.js'
import { observeSandbox } from './observe-sandbox.js'
import { type ProcessRecord, readProcessRecord } from './process-record.js'
import { isRunning } from './process-table.js'
import { sandboxLayout } from './sandbox-layout.js'
import { endSandboxProcesses } from './sandbox-processes.js'

const POLL_MS = 500

interface LostSandbox {
  readonly sandbox: Sandbox
  readonly record: ProcessRecord
}

/**
 * Watches the sandboxes that an earlier run of the driver started. Their processes are nobody's children any more, so the
 * system tells nobody when they end; the driver has to look.
 */
export async function followLostSandboxes(watch: WatchContext<LocalProcessSettings>): Promise<void> {
  const lost = new Set(watch.sandboxes().flatMap(findLost))
  while (!watch.signal.aborted) {
    for (const candidate of lost) if (await hasEnded(candidate, watch)) lost.delete(candidate)
    await delay(POLL_MS, undefined, { signal: watch.signal }).catch(() => {})
  }
}

function findLost(sandbox: Sandbox): LostSandbox[] {
  const record = readRecord(sandbox)
  return record !== undefined && record.exitCode === undefined ? [{ sandbox, record }] : []
}

/** True when there is nothing left to follow: the process has ended, or the sandbox was stopped meanwhile. */
async function hasEnded({ sandbox, record }: LostSandbox, watch: WatchContext<LocalProcessSettings>): Promise<boolean> {
  if (readRecord(sandbox)?.startTime !== record.startTime) return true
  if (isRunning(record)) return false
  await endSandboxProcesses({ directory: sandbox.directory }, { graceMs: 0 })
  watch.report(sandbox.id, observeSandbox(sandbox.directory))
  return true
}

function readRecord({ directory }: Sandbox): ProcessRecord | undefined {
  return readProcessRecord(sandboxLayout(directory).processFile)
}
