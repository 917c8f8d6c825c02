import { existsSync } from 'node:fs'
import { readUsersFile } from './auth/users-file.js'
import type { ServeOptions } from './cli-options.js'
import type { AdmissionSetting } from './compute/admission-setting.js'
import { type ConfigFile, readConfigFile } from './config-file.js'
import { readDatabaseUrl } from './database-url.js'
import { GatewayStartError } from './errors/gateway-start-error.js'
import { checkedDriverName } from './gateway/choose-driver.js'
import type { DevGatewayAuth, DevGatewayDriver, DevGatewayOptions } from './gateway/gateway-options.js'
import { createSimulatedDriver } from './simulated-driver/create-simulated-driver.js'
import type { SimulatedDriver } from './simulated-driver/simulated-driver.js'
import type { DevGatewayTls } from './tls/gateway-tls.js'
import { planTls } from './tls/plan-tls.js'
import type { WireLine } from './wire/wire-line.js'

/** The port on which a gateway listens when nothing else is said. */
export const defaultPort = 17_670

/**
 * Turns what the command line and the configuration file say into a gateway's options. The command line wins. `warn` gets a sentence
 * for everything that is not obeyed.
 *
 * @throws GatewayStartError with the real gateway's text when the two name no driver that can be reached.
 */
export function planServe(
  serve: ServeOptions,
  warn: (sentence: string) => void = () => {},
): Omit<DevGatewayOptions, 'logger'> {
  const file = serve.configFile === undefined ? undefined : readConfigFile(serve.configFile)
  for (const key of file?.ignoredKeys ?? []) {
    warn(`${serve.configFile}: ${key} means nothing to a development gateway.`)
  }
  const stateDirectory = serve.stateDirectory ?? databasePath(serve.databaseUrl ?? file?.databaseUrl)
  const tls = tlsOf(serve, file, stateDirectory)
  const auth = { ...(file && authOf(file)), ...usersOf(serve) }
  const driver = plannedDriver(serve, file)
  const line = plannedLine(serve, file)
  const admission = plannedAdmission(serve, file, driver.name)
  return {
    drivers: [driver],
    port: serve.port ?? defaultPort,
    ...(serve.healthPort !== undefined && { healthPort: serve.healthPort }),
    ...(serve.statusPort !== undefined && { statusPort: serve.statusPort }),
    ...(stateDirectory !== undefined && { stateDirectory }),
    ...(line !== undefined && { line }),
    ...(admission && { admission }),
    ...(serve.edgeTunnel !== undefined && { edgeTunnel: serve.edgeTunnel }),
    ...(serve.gatewayVersion !== undefined && { version: serve.gatewayVersion }),
    ...(Object.keys(auth).length > 0 && { auth }),
    ...(tls && { tls }),
    ...(serve.faults?.length && { faults: serve.faults }),
    ...(serve.driverConnectTimeoutMs !== undefined && {
      timings: { driverConnectTimeoutMs: serve.driverConnectTimeoutMs },
    }),
  }
}

// Each line's gateways read one version of the file.
function plannedLine({ line, configFile }: ServeOptions, file: ConfigFile | undefined): WireLine | undefined {
  if (!file || (line ?? file.line) === file.line) return line ?? (file?.line === '0.1' ? file.line : undefined)
  const version = line === '0.1' ? 2 : 1
  throw problem(`${configFile}: [openshell] version must be ${version} on line ${line}.`)
}

function plannedAdmission(
  { allowDriverConfig }: ServeOptions,
  file: ConfigFile | undefined,
  driverName: string,
): AdmissionSetting | undefined {
  const setting = { ...file?.admissions.get(driverName), ...(allowDriverConfig && { allowDriverConfig }) }
  return Object.keys(setting).length > 0 ? setting : undefined
}

// The real gateway writes a database there; this one a folder of that name.
function databasePath(url: string | undefined): string | undefined {
  if (url === undefined) return undefined
  const database = readDatabaseUrl(url)
  if (database.type === 'memory') return undefined
  if (database.create || existsSync(database.path)) return database.path
  throw problem(`unable to open database file: ${database.path} does not exist; add ?mode=rwc to create it.`)
}

function plannedDriver(serve: ServeOptions, file: ConfigFile | undefined): DevGatewayDriver | SimulatedDriver {
  const { driverNames, drivers, computeDriverSocket } = serve
  if (computeDriverSocket !== undefined) return { name: socketDriver(driverNames), socketPath: computeDriverSocket }
  const sockets = drivers.map(({ name, socketPath }) => ({ name: checkedDriverName(name), socketPath }))
  const given = sockets.length > 0 ? sockets.map(({ name }) => name) : file?.computeDrivers
  const [name, ...others] = (driverNames ?? given ?? []).map(checkedDriverName)
  if (name === undefined) return createSimulatedDriver()
  if (others.length > 0) {
    const choose = driverNames || sockets.length === 0 ? '' : '; choose one with --drivers NAME'
    const names = [name, ...others].join(',')
    throw problem(`multiple compute drivers are not supported yet; configured drivers: ${names}${choose}`)
  }
  const socketPath = sockets.find((socket) => socket.name === name)?.socketPath ?? file?.socketPaths.get(name)
  if (socketPath !== undefined) return { name, socketPath }
  if (name === simulatedName) return createSimulatedDriver()
  throw problem(`remote compute driver '${name}' requires socket_path`)
}

// No driver of the real gateway has this name.
const simulatedName = 'simulated'

function socketDriver(names: readonly string[] | undefined): string {
  const text = '--compute-driver-socket requires'
  if (!names) {
    throw problem(`${text} --drivers <name> or OPENSHELL_DRIVERS=<name> to select a compute driver name`)
  }
  const [name, ...others] = names
  if (name === undefined || others.length > 0) {
    throw problem(`${text} exactly one compute driver name, got: ${names.join(',')}`)
  }
  return name
}

function authOf({ gatewayJwt, allowUnauthenticatedUsers, certificateUsers }: ConfigFile): DevGatewayAuth {
  return {
    ...(gatewayJwt ?? { sandboxTokens: false }),
    allowUnauthenticatedUsers,
    ...(certificateUsers !== undefined && { certificateUsers }),
  }
}

function usersOf({ usersFile, certificateUsers }: ServeOptions): DevGatewayAuth {
  return {
    ...(usersFile !== undefined && { users: readUsersFile(usersFile) }),
    ...(certificateUsers !== undefined && { certificateUsers }),
  }
}

function tlsOf(
  serve: ServeOptions,
  file: ConfigFile | undefined,
  stateDirectory: string | undefined,
): DevGatewayTls | undefined {
  const tls = planTls(serve.tls, file?.disableTls ? undefined : file?.tls)
  if (tls === 'generate' && stateDirectory === undefined) {
    throw problem(
      '--tls needs a folder in which clients find their certificate: add --tls-dir PATH or --state-dir PATH.',
    )
  }
  // The real gateway serves plaintext only to those who ask for it.
  if (tls || !file || file.disableTls || serve.tls.disable) return tls
  throw problem(
    `${serve.configFile}: set disable_tls = true, or name certificates in [openshell.gateway.tls], or start with --tls.`,
  )
}

function problem(message: string): GatewayStartError {
  return new GatewayStartError('configuration', message)
}
