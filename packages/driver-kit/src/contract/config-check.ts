import type { CheckResult, ParseContext, ReportingDriver } from '@openshell-ts/driver-config'
import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import type { Driver } from '../driver/driver.js'
import type { SettingDefinitions, SettingValues } from '../driver/driver-settings.js'
import type { RequestedSandbox } from '../driver/sandbox.js'

type Settings = SettingValues<SettingDefinitions>

/** Checks a block and brings it to the current version. `undefined` and `{}` are the same to the verdict. */
export function checkConfig(
  { config, version }: Driver,
  block: JsonObject | undefined,
  sandbox: RequestedSandbox,
  settings: Settings,
): CheckResult<unknown> {
  return config.safeParse(block, parseContext(version, sandbox, settings))
}

/** What rules and gates may look at: the request beside the block, and the driver's own settings. */
export function parseContext(
  driverVersion: string,
  { image, gpu, resources, environment, platformConfig }: RequestedSandbox,
  settings: Settings,
): ParseContext {
  const known = Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return {
    driverVersion,
    request: {
      image,
      environmentNames: Object.keys(environment),
      ...(gpu === undefined ? {} : { gpu }),
      ...(resources === undefined ? {} : { resources: { ...resources } }),
      ...(platformConfig === undefined ? {} : { platformConfig }),
    },
    policy: { settings: Object.fromEntries<JsonValue>(known) },
  }
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
