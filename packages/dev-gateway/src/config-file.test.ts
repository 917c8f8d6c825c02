import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { readConfigFile } from './config-file.js'

const directory = mkdtempSync(join(tmpdir(), 'gw-config-'))
const file = join(directory, 'gateway.toml')
afterEach(() => rmSync(file, { force: true }))

function read(toml: string) {
  writeFileSync(file, toml)
  return readConfigFile(file)
}

const head = '[openshell]\nversion = 1\n[openshell.gateway]\ndisable_tls = true\n'

test('names, sockets and the switch for users are read; other keys of a driver mean nothing', () => {
  const config = read(`${head}compute_drivers = ["acme"]
[openshell.gateway.auth]
allow_unauthenticated_users = true
[openshell.drivers.acme]
socket_path = "/run/acme.sock"
bogus = 1
[openshell.drivers."Other"]
`)
  expect(config).toEqual({
    computeDrivers: ['acme'],
    socketPaths: new Map([['acme', '/run/acme.sock']]),
    allowUnauthenticatedUsers: true,
    disableTls: true,
    tls: {},
    ignoredKeys: [],
  })
})

test('keys of the real gateway that mean nothing here are named, and its database is read', () => {
  const config = read(`${head}server_sans = ["a"]\ndatabase_url = "sqlite:/s?mode=rwc"\nhost_gateway_ip = "10.0.0.1"\n`)
  expect(config).toMatchObject({
    databaseUrl: 'sqlite:/s?mode=rwc',
    ignoredKeys: ['server_sans', 'host_gateway_ip'],
  })
})

test('what is not said is off', () => {
  const off = { socketPaths: new Map(), allowUnauthenticatedUsers: false, disableTls: false, tls: {}, ignoredKeys: [] }
  expect(read('[openshell]\nversion = 1\n')).toEqual(off)
})

test('files of certificates and the switch for their users are read', () => {
  const config = read(`[openshell]
version = 1
[openshell.gateway.tls]
cert_path = "/c"
key_path = "/k"
client_ca_path = "/a"
[openshell.gateway.mtls_auth]
enabled = false
`)
  expect(config).toMatchObject({ certificateUsers: false, tls: { certificate: '/c', key: '/k', clientCa: '/a' } })
})

test.each([
  ['no = [', /gateway\.toml:1:\d+: this is no valid TOML\.$/],
  ['[openshell]\nversion = 2\n', /\[openshell\] version must be 1/],
  [
    `${head}bogus = 1\n`,
    /\[openshell\.gateway\] bogus is not supported by this gateway; it reads auth, compute_drivers/,
  ],
  [`${head}oidc = {}\n`, /\[openshell\.gateway\] oidc is not supported/],
  [
    `${head}[openshell.gateway.tls]\nca = "/a"\n`,
    /tls\] ca is not supported; it reads cert_path, key_path, client_ca_path/,
  ],
  [`${head}auth = 1\n`, /auth must be a table/],
  [`${head}[openshell.gateway.gateway_jwt]\n`, /gateway_jwt\] needs signing_key_path/],
  [
    `${head}[openshell.gateway.gateway_jwt]\nsigning_key_path = "/no/key"\n`,
    /Cannot read the file of gateway_jwt\.signing_key_path \/no\/key \(ENOENT\)/,
  ],
])('%j is refused', (toml, text) => {
  expect(() => read(toml)).toThrow(text)
})
