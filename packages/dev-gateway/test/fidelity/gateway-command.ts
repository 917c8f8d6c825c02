import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSigningKeys } from '../../src/auth/signing-keys.js'
import type { RecordedConfig } from './recording.js'

/** Where a scenario's gateway finds what belongs to it. */
export interface GatewayPlace {
  readonly directory: string
  /** The socket of the scripted driver. */
  readonly driverSocket: string
}

/** Writes the configuration that a recording describes, and returns the real gateway's command line for it. */
export function gatewayCommand(config: RecordedConfig, place: GatewayPlace): string[] {
  const file = join(place.directory, 'gateway.toml')
  if (config.gateway_jwt) writeKeys(place.directory)
  writeFileSync(file, toml(config, place))
  const database = config.db === 'file' ? `sqlite:${place.directory}/gw.db?mode=rwc` : 'sqlite::memory:'
  const extra = (config.args ?? []).map((argument) => argument.replace(/\$\{socket\}/g, place.driverSocket))
  return ['--config', file, '--port', '0', '--health-port', '0', '--db-url', database, ...extra]
}

function toml(config: RecordedConfig, { directory, driverSocket }: GatewayPlace): string {
  const name = config.driver_name ?? 'acme'
  const drivers = config.compute_drivers === undefined ? [name] : config.compute_drivers
  const jwt = `[openshell.gateway.gateway_jwt]
signing_key_path = "${directory}/jwt.key"
public_key_path = "${directory}/jwt.pub"
kid_path = "${directory}/jwt.kid"
gateway_id = "lab"`
  return [
    '[openshell]',
    'version = 1',
    '[openshell.gateway]',
    drivers && `compute_drivers = ${JSON.stringify(drivers)}`,
    'disable_tls = true',
    ...assignments(config.gateway_extra),
    '[openshell.gateway.auth]',
    `allow_unauthenticated_users = ${config.allow_unauthenticated_users ?? true}`,
    config.gateway_jwt && jwt,
    !config.no_table && `[openshell.drivers.${JSON.stringify(config.table_name ?? name)}]`,
    !config.no_table && !config.no_socket_path && `socket_path = ${JSON.stringify(driverSocket)}`,
    ...assignments(config.table_extra),
  ]
    .filter((line) => typeof line === 'string')
    .join('\n')
}

function assignments(values: object = {}): string[] {
  return Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
}

function writeKeys(directory: string): void {
  const { privateKey, publicKey } = generateSigningKeys()
  writeFileSync(join(directory, 'jwt.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  writeFileSync(join(directory, 'jwt.pub'), publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(join(directory, 'jwt.kid'), 'scenario-key')
}
