import type { CheckResult } from '@openshell-ts/driver-config'
import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import type { Driver } from '../driver.js'
import type { ReportingDriver } from './config-status.js'

/** Checks a block and brings it to the current version. `undefined` and `{}` are the same to the verdict. */
export function checkConfig({ config, version }: Driver, block: JsonObject | undefined): CheckResult<unknown> {
  return config.safeParse(block, { driverVersion: version })
}

/** Whether a block asks for anything. */
export function hasFields(block: JsonObject | undefined): block is JsonObject {
  return block !== undefined && Object.keys(block).length > 0
}

/** What reports say about the driver. */
export function reportingDriver({ name, version, domain, config }: Driver): ReportingDriver {
  // A driver that takes no config has no version to name.
  const { versions } = config
  return { name, version, domain, ...(versions.max === 0 ? {} : { versions }) }
}
