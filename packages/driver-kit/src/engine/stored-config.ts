import type { AcceptedConfig, CheckResult } from '@openshell-ts/driver-config'
import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import { checkConfig, hasFields, parseContext, reportingDriver } from '../contract/config-check.js'
import { toConfigStatus } from '../contract/config-status.js'
import type { StatusError } from '../contract/status-error.js'
import type { Driver } from '../driver/driver.js'
import type { DriverLogger } from '../driver/driver-logger.js'
import type { SettingDefinitions, SettingValues } from '../driver/driver-settings.js'
import type { RequestedSandbox } from '../driver/sandbox.js'
import type { SandboxRecord, StampedConfig } from './sandbox-record.js'

/** The config that a sandbox's handlers get, or the status that tells why the stored block cannot be used. */
export type StoredConfig =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: StatusError }

/** What reading a stored config needs of the engine. */
export interface StoredConfigReader {
  readonly driver: Driver
  readonly settings: SettingValues<SettingDefinitions>
  readonly logger: DriverLogger
}

/**
 * The block as it is kept: what the user wrote, without the marker, in the version that it was written for. An empty block
 * is not kept, because it means the same as none.
 */
export function stampConfig(
  block: JsonObject | undefined,
  { declaredVersion, digest }: AcceptedConfig<unknown>,
  driverVersion: string,
): StampedConfig | undefined {
  if (!hasFields(block)) return undefined
  const { schema_version: _, $schema: __, ...config } = block
  return { schema_version: declaredVersion, driver_version: driverVersion, digest, config }
}

/**
 * Checks and migrates a stored block in memory. The block on disk stays as it is, also when a newer driver wrote it: the
 * sandbox can still be stopped and deleted, and starts again under a driver that reads it.
 */
export function readStoredConfig(
  parts: StoredConfigReader,
  { spec, driverConfig }: SandboxRecord,
  environment: Readonly<Record<string, string>>,
): StoredConfig {
  const { driver, logger } = parts
  const result = read(parts, { ...spec, environment }, driverConfig)
  if (!result.ok) return { ok: false, status: toConfigStatus(result.issues, reportingDriver(driver), 'create') }
  for (const { code, path } of result.warnings) {
    logger.warn({ sandboxId: spec.id, code, path }, 'A stored config has a warning')
  }
  return { ok: true, value: result.value }
}

function read(
  { driver, settings }: StoredConfigReader,
  sandbox: RequestedSandbox,
  stored: StampedConfig | undefined,
): CheckResult<unknown> {
  if (stored === undefined) return checkConfig(driver, undefined, sandbox, settings)
  return driver.config.restore(stored, parseContext(driver.version, sandbox, settings))
}
