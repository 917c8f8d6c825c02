import { parseSigningKeys, type SigningKeys } from './auth/signing-keys.js'
import { type DriverTables, readDriverTables } from './config-drivers.js'
import { GatewayStartError } from './gateway-start-error.js'
import { readText, readToml } from './read-toml.js'
import { type Table, table } from './toml-table.js'
import type { WireLine } from './wire-line.js'

/** Paths of the PEM files for TLS. */
export interface TlsFiles {
  readonly certificate?: string | undefined
  readonly key?: string | undefined
  readonly clientCa?: string | undefined
}

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
  /** Keys that mean something to the real gateway and nothing to this one. */
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

/**
 * Reads the real gateway's TOML file. Keys that are not the real gateway's are named and refused, and so are those that decide who
 * may do what, if this gateway cannot do what they say. The others that it has no use for are returned by name.
 *
 * @throws GatewayStartError when the file cannot be read or means something that this gateway cannot do.
 */
export function readConfigFile(path: string): ConfigFile {
  const openshell = table(readToml(path, 'configuration file'), 'openshell')
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
  const computeDrivers = gateway[driverKey]
  const jwt = gateway['gateway_jwt']
  const certificateUsers = table(gateway, 'mtls_auth')['enabled']
  const databaseUrl = gateway['database_url']
  return {
    line: version === 1 ? '0.0' : '0.1',
    ...(Array.isArray(computeDrivers) && version === 1 && { computeDrivers: computeDrivers.map(String) }),
    ...(typeof computeDrivers === 'string' && version === 2 && { computeDrivers: [computeDrivers] }),
    ...readDriverTables(path, table(openshell, 'drivers'), version),
    allowUnauthenticatedUsers: table(gateway, 'auth')['allow_unauthenticated_users'] === true,
    ...(typeof certificateUsers === 'boolean' && { certificateUsers }),
    disableTls: gateway['disable_tls'] === true,
    tls: readTls(path, table(gateway, 'tls')),
    ...(typeof databaseUrl === 'string' && { databaseUrl }),
    ignoredKeys: Object.keys(gateway).filter((key) => ignoredKeys.has(key)),
    ...(jwt !== undefined && { gatewayJwt: readGatewayJwt(table(gateway, 'gateway_jwt')) }),
  }
}

const tlsKeys = { cert_path: 'certificate', key_path: 'key', client_ca_path: 'clientCa' } as const

function readTls(path: string, tls: Table): TlsFiles {
  for (const key of Object.keys(tls)) {
    if (key in tlsKeys) continue
    throw problem(
      `${path}: [openshell.gateway.tls] ${key} is not supported; it reads ${Object.keys(tlsKeys).join(', ')}.`,
    )
  }
  const file = (key: keyof typeof tlsKeys) => (typeof tls[key] === 'string' ? { [tlsKeys[key]]: tls[key] } : {})
  return { ...file('cert_path'), ...file('key_path'), ...file('client_ca_path') }
}

function readGatewayJwt(jwt: Table): NonNullable<ConfigFile['gatewayJwt']> {
  const file = (key: string) => readText(text(jwt, key), `file of gateway_jwt.${key}`)
  const lifetime = jwt['ttl_secs']
  return {
    signingKeys: parseSigningKeys(file('signing_key_path'), file('public_key_path'), file('kid_path')),
    gatewayId: typeof jwt['gateway_id'] === 'string' ? jwt['gateway_id'] : 'openshell',
    tokenLifetimeSeconds: typeof lifetime === 'number' ? lifetime : 0,
  }
}

function text(from: Table, key: string): string {
  const value = from[key]
  if (typeof value === 'string' && value !== '') return value
  throw problem(`[openshell.gateway.gateway_jwt] needs ${key}.`)
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
