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
    line: '0.0',
    admissions: new Map(),
    computeDrivers: ['acme'],
    socketPaths: new Map([['acme', '/run/acme.sock']]),
    allowUnauthenticatedUsers: true,
    disableTls: true,
    tls: {},
    ignoredKeys: [],
  })
})

test('keys of the real gateway that mean nothing here are named, and its database is read', () => {
  const config = read(`${head}server_sans = ["a"]\ndatabase_url = "sqlite:/s?mode=rwc"\nhost_gateway_ip = "10.0.0.1"
[openshell.gateway.auth]
allow = true
[openshell.driver.acme]
socket_path = "/x"
[opensell.gateway]
`)
  expect(config).toMatchObject({
    databaseUrl: 'sqlite:/s?mode=rwc',
    ignoredKeys: [
      '[openshell.gateway] server_sans',
      '[openshell.gateway] host_gateway_ip',
      'opensell',
      '[openshell] driver',
      '[openshell.gateway.auth] allow',
    ],
  })
})

test('what is not said is off', () => {
  const nothing = { line: '0.0', socketPaths: new Map(), admissions: new Map() }
  const off = { ...nothing, allowUnauthenticatedUsers: false, disableTls: false, tls: {}, ignoredKeys: [] }
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
  ['no = [', /gateway\.toml:1:6: this is no valid TOML: unfinished array\.$/],
  ['key = "secret', /gateway\.toml:1:\d+: this is no valid TOML: unfinished string\.$/],
  ['[openshell]\nversion = 3\n', /\[openshell\] version must be 1 for line 0\.0, or 2 for line 0\.1/],
  [`${head}compute_driver = "acme"\n`, /\[openshell\.gateway\] compute_driver is not supported/],
  [
    `${head}bogus = 1\n`,
    /\[openshell\.gateway\] bogus is not supported by this gateway; it reads auth, compute_drivers/,
  ],
  [`${head}oidc = {}\n`, /\[openshell\.gateway\] oidc is not supported/],
  [
    `${head}[openshell.gateway.tls]\nca = "/a"\n`,
    /tls\] ca is not supported; it reads cert_path, key_path, client_ca_path/,
  ],
  [`${head}compute_drivers = "acme"\n`, /\[openshell\.gateway\] compute_drivers must be a list of texts\.$/],
  [
    `${head}auth = { allow_unauthenticated_users = "yes" }\n`,
    /auth\] allow_unauthenticated_users must be true or false/,
  ],
  [`${head}[openshell.drivers.acme]\nsocket_path = 1\n`, /\[openshell\.drivers\.acme\] socket_path must be a text/],
  [`${head}auth = 1\n`, /auth must be a table/],
  [`${head}[openshell.gateway.gateway_jwt]\n`, /gateway_jwt\] needs signing_key_path/],
  [
    `${head}[openshell.gateway.gateway_jwt]\nsigning_key_path = "/no/key"\n`,
    /Cannot read the file of gateway_jwt\.signing_key_path \/no\/key: there is no such file\./,
  ],
  [
    `${head}[openshell.gateway.gateway_jwt]\n${['signing_key', 'public_key', 'kid'].map((name) => `${name}_path = "/dev/null"\n`).join('')}`,
    /\[openshell\.gateway\.gateway_jwt\] The key id of the gateway JWT is empty/,
  ],
])('%j is refused', (toml, text) => {
  expect(() => read(toml)).toThrow(
    expect.objectContaining({ kind: 'configuration', message: expect.stringMatching(text) }),
  )
})

const later = '[openshell]\nversion = 2\n[openshell.gateway]\ncompute_driver = "acme"\n[openshell.drivers.acme]\n'

test('driver-contract 3.1: version 2 is of line 0.1, and says what clients may bring in', () => {
  const labels = `resource_admission = { enabled = true, required_labels = { "acme.example/tier" = "a" } }\n`
  expect(read(`${later}socket_path = "/run/acme.sock"\nallow_driver_config = true\n${labels}`)).toMatchObject({
    line: '0.1',
    computeDrivers: ['acme'],
    socketPaths: new Map([['acme', '/run/acme.sock']]),
    admissions: new Map([
      ['acme', { allowDriverConfig: true, requireLabels: true, requiredLabels: { 'acme.example/tier': 'a' } }],
    ]),
  })
})

const labelled = (labels: string) => `${later}resource_admission = { required_labels = { ${labels} } }\n`

test.each([
  ['[openshell]\nversion = 2\n[openshell.gateway]\ncompute_drivers = ["acme"]\n', /compute_drivers is not supported/],
  [`${later}guest_tls_ca = "/c"\n`, /\[openshell\.drivers\.acme\] guest_tls_ca cannot be given to a remote driver/],
  [`${later}allow_driver_config = 1\n`, /allow_driver_config must be true or false/],
  [`${later}resource_admission = { enable = true }\n`, /resource_admission\.enable is not known/],
  [labelled('"a" = 1'), /required_labels\."a" must be a text/],
])('driver-contract 3.1: %j is refused', (toml, text) => {
  expect(() => read(toml)).toThrow(text)
})

test.each([
  [labelled(''), /needs a label with a value of its own/],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder of the contract.
  [labelled('"acme.example/workspace" = "${workspace}"'), /needs a label with a value of its own/],
  [labelled('"openshell.ai/managed-by" = "me"'), /"openshell\.ai\/managed-by" is a label of drivers/],
  [labelled('"-bad" = "a"'), /"-bad" is no label key/],
  [labelled('"a" = "b c"'), /"a" has no label value/],
])('driver-contract 17.4: %j is refused', (toml, text) => {
  expect(() => read(toml)).toThrow(text)
})

test('driver-contract 17.4: without admission no label is needed', () => {
  const { admissions } = read(`${later}resource_admission = { enabled = false, required_labels = {} }\n`)
  expect(admissions.get('acme')).toEqual({ requireLabels: false, requiredLabels: {} })
})
