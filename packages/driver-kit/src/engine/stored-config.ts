import type { ConfigIssue } from '@openshell-ts/driver-config'
import { checkConfig, reportingDriver } from '../contract/config-check.js'
import { toConfigStatus } from '../contract/config-status.js'
import type { StatusError } from '../contract/status-error.js'
import type { Driver } from '../driver.js'
import type { SandboxRecord } from './sandbox-record.js'

/** The config that a sandbox's handlers get, or the status that tells why the stored block cannot be used. */
export type StoredConfig =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: StatusError }

/**
 * Checks and migrates a stored block in memory. The block on disk stays as it is, also when a newer driver wrote it: the
 * sandbox can still be stopped and deleted, and starts again under a driver that reads it.
 */
export function readStoredConfig(driver: Driver, { driverConfig }: SandboxRecord): StoredConfig {
  const verdict = checkConfig(driver, driverConfig?.config)
  if (verdict.ok) return { ok: true, value: verdict.value }
  const [first, ...rest] = verdict.issues
  return {
    ok: false,
    status: toConfigStatus([asStored(first), ...rest.map(asStored)], reportingDriver(driver), 'create'),
  }
}

// The user wrote a block that was right at the time; what makes it unreadable is which driver runs now.
function asStored(issue: ConfigIssue): ConfigIssue {
  return issue.fault === 'user' ? { ...issue, fault: 'environment' } : issue
}
