import { parseSigningKeys, type SigningKeys } from './auth/signing-keys.js'
import { type DriverTables, readDriverTables } from './config-drivers.js'
import { GatewayStartError } from './errors/gateway-start-error.js'
import { readText, readToml } from './files/read-toml.js'
import { type Table, table } from './files/toml-table.js'
import { tomlValue } from './files/toml-value.js'
import type { TlsFiles } from './tls/plan-tls.js'
import type { WireLine } from './wire/wire-line.js'

/** What the gateway takes from the real gateway's configuration file. */
export interface ConfigFile extends DriverTables {
  /** The line whose gateways read this version of the file. */
  readonly line: WireLine
  /** As written, before normalising; absent when the file names none. */
  readonly computeDrivers?: readonly string[]
  readonly allowUnauthenticatedUsers: boolean
  /** Absent where the file says nothing about client certificates. */
  readonly certificateUsers?: boolean
  /** Whether the file turns TLS off. */
  readonly disableTls: boolean
  readonly tls: TlsFiles
  /** Where state is kept, in the real gateway's words; absent where the file does not say. */
  readonly databaseUrl?: string
  /** Keys that mean nothing to this gateway, with their tables: `[openshell.gateway] server_sans`. */
  readonly ignoredKeys: readonly string[]
  /** Absent when the file has no `gateway_jwt`: then no sandbox tokens are issued. */
  readonly gatewayJwt?: {
    readonly signingKeys: SigningKeys
    readonly gatewayId: string
    readonly tokenLifetimeSeconds: number
  }
}

// How the driver is chosen is all that the versions of the file say in other words.
const driverKeys = { 1: 'compute_drivers', 2: 'compute_driver' } as const

// Keys of [openshell.gateway] that mean the same here as with the real gateway, or nothing at all for a development gateway.
const gatewayKeys = new Set(['disable_tls', 'tls', 'mtls_auth', 'auth', 'gateway_jwt', 'database_url', 'default_image'])

// Keys of the real gateway, as its refusal of an unknown one lists them, for what a development gateway does not have.
const ignoredKeys = new Set([
  'policy_validation_failure_mode',
  'server_sans',
  'enable_loopback_service_http',
  'supervisor_image',
  'client_tls_secret_name',
  'service_account_name',
  'host_gateway_ip',
  'enable_user_namespaces',
  'sa_token_ttl_secs',
  'guest_tls_ca',
  'guest_tls_cert',
  'guest_tls_key',
  'provider_profile_sources',
  'otlp',
])

// The keys of the tables around [openshell.gateway] that say something here.
const otherKeys = {
  '': ['openshell'],
  openshell: ['version', 'gateway', 'drivers'],
  'openshell.gateway.auth': ['allow_unauthenticated_users'],
  'openshell.gateway.mtls_auth': ['enabled'],
  'openshell.gateway.gateway_jwt': ['signing_key_path', 'public_key_path', 'kid_path', 'gateway_id', 'ttl_secs'],
}

/**
 * Reads the real gateway's TOML file. In [openshell.gateway], keys that are not the real gateway's are named and refused, and so are those that decide who
 * may do what, if this gateway cannot do what they say. The others that it has no use for are returned by name.
 *
 * @throws GatewayStartError when the file cannot be read or means something that this gateway cannot do.
 */
export function readConfigFile(path: string): ConfigFile {
  const file = readToml(path, 'configuration file')
  const openshell = table(file, 'openshell')
  const { version } = openshell
  if (version !== 1 && version !== 2) {
    throw problem(`${path}: [openshell] version must be 1 for line 0.0, or 2 for line 0.1.`)
  }
  const gateway = table(openshell, 'gateway')
  const driverKey = driverKeys[version]
  for (const key of Object.keys(gateway)) {
    if (key === driverKey || gatewayKeys.has(key) || ignoredKeys.has(key)) continue
    throw problem(unknownKeyText(path, key, driverKey))
  }
  const where = `${path}: [openshell.gateway`
  const jwt = gateway['gateway_jwt']
  const certificateUsers = tomlValue(`${where}.mtls_auth]`, table(gateway, 'mtls_auth'), 'enabled', 'truth')
  const databaseUrl = tomlValue(`${where}]`, gateway, 'database_url', 'text')
  return {
    line: version === 1 ? '0.0' : '0.1',
    ...readDriverNames(`${where}]`, gateway, version),
    ...readDriverTables(path, table(openshell, 'drivers'), version),
    allowUnauthenticatedUsers:
      tomlValue(`${where}.auth]`, table(gateway, 'auth'), 'allow_unauthenticated_users', 'truth') ?? false,
    ...(certificateUsers !== undefined && { certificateUsers }),
    disableTls: tomlValue(`${where}]`, gateway, 'disable_tls', 'truth') ?? false,
    tls: readTls(path, table(gateway, 'tls')),
    ...(databaseUrl !== undefined && { databaseUrl }),
    ignoredKeys: [
      ...Object.keys(gateway)
        .filter((key) => ignoredKeys.has(key))
        .map((key) => `[openshell.gateway] ${key}`),
      ...unknownKeys(file),
    ],
    ...(jwt !== undefined && { gatewayJwt: readGatewayJwt(path, table(gateway, 'gateway_jwt')) }),
  }
}

function readDriverNames(where: string, gateway: Table, version: 1 | 2): Pick<ConfigFile, 'computeDrivers'> {
  const name = version === 2 ? tomlValue(where, gateway, driverKeys[2], 'text') : undefined
  const computeDrivers = version === 1 ? tomlValue(where, gateway, driverKeys[1], 'texts') : name && [name]
  return computeDrivers ? { computeDrivers } : {}
}

function unknownKeys(file: Table): string[] {
  return Object.entries(otherKeys).flatMap(([place, known]) => {
    const names = place === '' ? [] : place.split('.')
    const unknown = Object.keys(names.reduce(table, file)).filter((key) => !known.includes(key))
    return unknown.map((key) => (place === '' ? key : `[${place}] ${key}`))
  })
}

const tlsKeys = { cert_path: 'certificate', key_path: 'key', client_ca_path: 'clientCa' } as const

function readTls(path: string, tls: Table): TlsFiles {
  for (const key of Object.keys(tls)) {
    if (key in tlsKeys) continue
    throw problem(
      `${path}: [openshell.gateway.tls] ${key} is not supported; it reads ${Object.keys(tlsKeys).join(', ')}.`,
    )
  }
  const file = (key: keyof typeof tlsKeys) => {
    const value = tomlValue(`${path}: [openshell.gateway.tls]`, tls, key, 'text')
    return value === undefined ? {} : { [tlsKeys[key]]: value }
  }
  return { ...file('cert_path'), ...file('key_path'), ...file('client_ca_path') }
}

function readGatewayJwt(path: string, jwt: Table): NonNullable<ConfigFile['gatewayJwt']> {
  const where = `${path}: [openshell.gateway.gateway_jwt]`
  const file = (key: string) => readText(neededText(where, jwt, key), `file of gateway_jwt.${key}`)
  return {
    signingKeys: signingKeys(where, file),
    gatewayId: tomlValue(where, jwt, 'gateway_id', 'text') ?? 'openshell',
    tokenLifetimeSeconds: tomlValue(where, jwt, 'ttl_secs', 'whole number') ?? 0,
  }
}

function signingKeys(where: string, file: (key: string) => string): SigningKeys {
  try {
    return parseSigningKeys(file('signing_key_path'), file('public_key_path'), file('kid_path'))
  } catch (error) {
    if (error instanceof GatewayStartError) throw error
    throw problem(`${where} ${error instanceof Error ? error.message : String(error)}`)
  }
}

function neededText(where: string, from: Table, key: string): string {
  const value = tomlValue(where, from, key, 'text')
  if (value !== undefined && value !== '') return value
  throw problem(`${where} needs ${key}.`)
}

function unknownKeyText(path: string, key: string, driverKey: string): string {
  return (
    `${path}: [openshell.gateway] ${key} is not supported by this gateway; ` +
    `it reads ${[...gatewayKeys, driverKey].sort().join(', ')}.`
  )
}

function problem(message: string): GatewayStartError {
  return new GatewayStartError('configuration', message)
}
