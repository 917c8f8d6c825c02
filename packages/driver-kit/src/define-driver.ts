import { advertiseConfig, type DriverConfig, type NoConfig, noDriverConfig } from '@openshell-ts/driver-config'
import type { Driver, DriverDefinition } from './driver/driver.js'
import type { SettingDefinitions } from './driver/driver-settings.js'
import { checkHandlerLimits } from './driver/handler-limits.js'

const namePattern = /^[a-z0-9_-]+$/
const flagPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const ownFlags = new Set([
  ...['bind-socket', 'state-dir', 'log-level', 'admission-config-json', 'otlp-endpoint'],
  ...['help', 'version'],
])

/**
 * Declares a compute driver. Nothing runs until it is given to `serveDriver` or `runDriver`.
 *
 * @throws TypeError when the name, the version, a handler, a setting or the config's name is missing or cannot work with a gateway.
 */
export function defineDriver<Current = NoConfig, const Definitions extends SettingDefinitions = Record<never, never>>(
  definition: DriverDefinition<Current, Definitions>,
): Driver<Current, Definitions> {
  checkIdentity(definition)
  checkHandlers(definition)
  checkHandlerLimits(definition.handlerLimitsMs)
  const settings = definition.settings ?? ({} as Definitions)
  checkSettings(settings)
  return Object.freeze({
    ...bindHandlers(definition),
    domain: definition.domain ?? definition.config?.domain ?? definition.name,
    // Only a definition without a config has the type of no config.
    config: definition.config ?? (noDriverConfig(definition.name) as DriverConfig<unknown> as DriverConfig<Current>),
    settings,
  })
}

function checkIdentity({
  name,
  version,
  config,
  advertiseConfig: advertises = false,
}: Pick<DriverDefinition<unknown, SettingDefinitions>, 'name' | 'version' | 'config' | 'advertiseConfig'>): void {
  if (!namePattern.test(name)) {
    throw new TypeError(
      `The driver name ${JSON.stringify(name)} cannot be selected by a gateway; use lower-case ASCII letters, digits, "-" and "_".`,
    )
  }
  if (config !== undefined && config.driverName !== name) {
    throw new TypeError(
      `The driver is named "${name}" and its config is defined for "${config.driverName}"; give both the same name.`,
    )
  }
  const printable = /^[\u0020-\u007e]+$/.test(version) && version.trim() !== ''
  const shown = advertises && config !== undefined ? advertiseConfig(version, config) : version
  if (!printable || shown.length > 128) {
    throw new TypeError('The driver version must be 1 to 128 printable ASCII characters, such as "1.4.0".')
  }
}

// The types say it already; this is for authors who write JavaScript.
function checkHandlers(definition: object): void {
  for (const name of ['create', 'start', 'stop', 'delete', 'list']) {
    if (typeof Reflect.get(definition, name) === 'function') continue
    throw new TypeError(`The driver has no "${name}" handler; every driver needs create, start, stop, delete and list.`)
  }
}

function checkSettings(settings: SettingDefinitions): void {
  const taken = new Set(ownFlags)
  for (const [name, { flag }] of Object.entries(settings)) {
    if (!flagPattern.test(flag)) {
      throw new TypeError(`The flag of the setting "${name}" must be in kebab-case, such as "openshell-endpoint".`)
    }
    if (taken.has(flag))
      throw new TypeError(`The setting "${name}" uses --${flag}, which is taken; choose another flag.`)
    taken.add(flag)
  }
}

// Handlers may be written as methods that use `this`; a spread alone would lose the author's own fields and prototype.
function bindHandlers<Current, Definitions extends SettingDefinitions>(
  definition: DriverDefinition<Current, Definitions>,
): DriverDefinition<Current, Definitions> {
  const { validate, watch, authenticate, ensureWorkspace, deleteWorkspace } = definition
  return {
    ...definition,
    ...(validate === undefined ? {} : { validate: validate.bind(definition) }),
    create: definition.create.bind(definition),
    start: definition.start.bind(definition),
    stop: definition.stop.bind(definition),
    delete: definition.delete.bind(definition),
    list: definition.list.bind(definition),
    ...(watch === undefined ? {} : { watch: watch.bind(definition) }),
    ...(authenticate === undefined ? {} : { authenticate: authenticate.bind(definition) }),
    ...(ensureWorkspace === undefined ? {} : { ensureWorkspace: ensureWorkspace.bind(definition) }),
    ...(deleteWorkspace === undefined ? {} : { deleteWorkspace: deleteWorkspace.bind(definition) }),
  }
}
