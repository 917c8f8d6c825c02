import { type AdmissionSetting, checkAdmissionSetting } from './compute/admission-setting.js'
import { GatewayStartError } from './errors/gateway-start-error.js'
import { type Table, table } from './files/toml-table.js'
import { tomlValue } from './files/toml-value.js'

/** What a configuration file says about drivers, by the exact names of their tables. */
export interface DriverTables {
  readonly socketPaths: ReadonlyMap<string, string>
  /** What clients may bring in. Files of version 1 say nothing about that. */
  readonly admissions: ReadonlyMap<string, AdmissionSetting>
}

// Drivers that run apart get these by their own flags.
const guestKeys = ['guest_tls_ca', 'guest_tls_cert', 'guest_tls_key']

/**
 * Reads the tables of drivers. Keys that are no concern of the gateway are left alone.
 *
 * @throws GatewayStartError that names the key of a setting that cannot be.
 */
export function readDriverTables(path: string, drivers: Table, version: 1 | 2): DriverTables {
  const socketPaths = new Map<string, string>()
  const admissions = new Map<string, AdmissionSetting>()
  for (const name of Object.keys(drivers)) {
    const driver = table(drivers, name)
    const where = `${path}: [openshell.drivers.${name}]`
    const socketPath = tomlValue(where, driver, 'socket_path', 'text')
    if (socketPath !== undefined) socketPaths.set(name, socketPath)
    if (version === 2) admissions.set(name, readAdmission(where, driver))
  }
  return { socketPaths, admissions }
}

function readAdmission(where: string, driver: Table): AdmissionSetting {
  const guest = guestKeys.find((key) => key in driver)
  if (guest !== undefined) throw problem(`${where} ${guest} cannot be given to a remote driver; give it its own flag.`)
  const admission = table(driver, 'resource_admission')
  const unknown = Object.keys(admission).find((key) => key !== 'enabled' && key !== 'required_labels')
  if (unknown !== undefined) {
    throw problem(`${where} resource_admission.${unknown} is not known; it has enabled and required_labels.`)
  }
  const labels = admission['required_labels']
  const setting = {
    ...truth(where, driver, 'allow_driver_config', 'allowDriverConfig'),
    ...truth(where, admission, 'enabled', 'requireLabels'),
    ...(labels !== undefined && { requiredLabels: readLabels(where, table(admission, 'required_labels')) }),
  }
  checkAdmissionSetting(setting, where)
  return setting
}

function truth<Name extends string>(where: string, from: Table, key: string, name: Name): { [key in Name]?: boolean } {
  const value = tomlValue(where, from, key, 'truth')
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]?: boolean })
}

function readLabels(where: string, labels: Table): Record<string, string> {
  const entries = Object.entries(labels).map(([key, value]) => {
    if (typeof value === 'string') return [key, value]
    throw problem(`${where} resource_admission.required_labels."${key}" must be a text.`)
  })
  return Object.fromEntries(entries)
}

function problem(message: string): GatewayStartError {
  return new GatewayStartError('configuration', message)
}
