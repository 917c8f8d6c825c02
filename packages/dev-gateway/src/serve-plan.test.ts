import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseCommandLine } from './cli-options.js'
import { planServe } from './serve-plan.js'

/** What the command line leads to. */
function plan(...args: string[]) {
  const request = parseCommandLine(args)
  if (request.type !== 'serve') throw new Error('The command line asks for something else than a gateway.')
  return planServe(request.serve)
}

test('the usual port and the real intervals are the defaults', () => {
  expect(plan('--driver', 'acme=/run/a=b.sock')).toEqual({
    drivers: [{ name: 'acme', socketPath: '/run/a=b.sock' }],
    port: 17_670,
  })
})

test('every option reaches the gateway', () => {
  const flags = ['--port', '0', '--health-port', '1', '--gateway-version', '9', '--driver-connect-timeout-ms', '0']
  const line = ['--line', '0.1', '--allow-driver-config', '--status-port', '2', '--edge-tunnel', 'true']
  expect(plan('--driver', 'acme=/x', ...flags, ...line)).toMatchObject({
    line: '0.1',
    admission: { allowDriverConfig: true },
    port: 0,
    healthPort: 1,
    statusPort: 2,
    edgeTunnel: true,
    version: '9',
    timings: { driverConnectTimeoutMs: 0 },
  })
})

test('the real gateway’s variables name the driver, and the command line wins over them', () => {
  const environment = { OPENSHELL_DRIVERS: 'acme', OPENSHELL_COMPUTE_DRIVER_SOCKET: '/env' }
  const driver = (...args: string[]) => {
    const request = parseCommandLine(args, environment)
    return request.type === 'serve' ? planServe(request.serve).drivers : undefined
  }
  expect(driver()).toEqual([{ name: 'acme', socketPath: '/env' }])
  expect(driver('--drivers', 'beta')).toEqual([{ name: 'beta', socketPath: '/env' }])
  expect(driver('--driver', 'beta=/b')).toEqual([{ name: 'beta', socketPath: '/b' }])
})

test('a socket on the command line needs a name there, and one only', () => {
  expect(plan('--compute-driver-socket', '/x', '--drivers', 'acme').drivers).toEqual([
    { name: 'acme', socketPath: '/x' },
  ])
  expect(() => plan('--compute-driver-socket', '/x')).toThrow(
    '--compute-driver-socket requires --drivers <name> or OPENSHELL_DRIVERS=<name> to select a compute driver name',
  )
  expect(() => plan('--compute-driver-socket', '', '--drivers', 'acme')).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: expect.stringContaining('--compute-driver-socket needs the path'),
    }),
  )
  expect(() => plan('--compute-driver-socket', '/x', '--drivers', 'a,b')).toThrow(
    '--compute-driver-socket requires exactly one compute driver name, got: a,b',
  )
})

test('of several sockets the named one is used, by either spelling of the flag', () => {
  const sockets = ['--driver', 'acme=/a', '--driver', 'Beta=/b']
  expect(plan(...sockets, '--drivers', 'beta').drivers).toEqual([{ name: 'beta', socketPath: '/b' }])
  expect(plan(...sockets, '--driver', 'acme').drivers).toEqual([{ name: 'acme', socketPath: '/a' }])
})

test.each([[[]], [['--driver', 'simulated']], [['--drivers', 'simulated']]])('%j simulates sandboxes', (args) => {
  const [driver] = plan(...args).drivers ?? []
  expect(driver).toMatchObject({ name: 'simulated', emitEvent: expect.any(Function) })
})

test.each([
  [['--state-dir', '/s'], '/s'],
  [['--db-url', 'sqlite:/s?mode=rwc'], '/s'],
  [['--db-url', 'sqlite:///s?mode=rwc&cache=shared&immutable=false'], '/s'],
  [['--db-url', 'sqlite:/a%20b?mode=rwc'], '/a b'],
  [['--db-url', `sqlite:${tmpdir()}`], tmpdir()],
  [['--db-url', `sqlite:${tmpdir()}?mode=rw`], tmpdir()],
  [['--db-url', 'sqlite::memory:'], undefined],
  [['--db-url', 'sqlite::memory:?cache=shared'], undefined],
  [['--db-url', 'sqlite:/s?mode=memory'], undefined],
])('%j keeps state in %j', (args, directory) => {
  expect(plan('--driver', 'acme=/x', ...args).stateDirectory).toBe(directory)
})

test.each([
  [['--driver', 'acme'], "remote compute driver 'acme' requires socket_path"],
  [
    ['--driver', 'acme=/a', '--driver', 'beta=/b'],
    'multiple compute drivers are not supported yet; configured drivers: acme,beta; choose one with --drivers NAME',
  ],
  [['--driver', '=/x'], '--driver =/x is not of the form NAME=SOCKET'],
  [['--driver', 'acme='], '--driver acme= is not of the form NAME=SOCKET'],
  [['--driver', 'acme=/x', '--port', 'http'], '--port http is no whole number from 0 to 65535.'],
  [['--driver', 'acme=/x', '--port', '70000'], '--port 70000 is no whole number from 0 to 65535.'],
  [['--driver', 'acme=/x', '--port', ''], '--port  is no whole number'],
  [['--port', '-1'], '--port needs a value; one that begins with a dash is written --port=VALUE. See'],
  [['--port'], '--port needs a value. See openshell-dev-gateway --help.'],
  [['--q'], "Unknown option '--q'. See openshell-dev-gateway --help."],
  [['--state-dir', ''], '--state-dir is empty; give a path, or leave it out.'],
  [['--tls-dir='], '--tls-dir is empty; give a path, or leave it out.'],
  [['--config', tmpdir()], `Cannot read the configuration file ${tmpdir()}: it is a folder.`],
  [['--edge-tunnel', 'yes'], '--edge-tunnel yes must be true or false.'],
  [['--line', '0.2'], '--line 0.2 is not known; use one of 0.0, 0.1.'],
  [['--driver', 'acme=/x', '--log-level', 'loud'], '--log-level loud is not known; use one of trace, '],
  [['--driver', 'acme=/x', 'extra'], "Unexpected argument 'extra'"],
  [['--drver', 'acme=/x'], "Unknown option '--drver'"],
  [['--config', '/no/such.toml'], 'Cannot read the configuration file /no/such.toml: there is no such file.'],
  [['--drivers', 'acme'], "remote compute driver 'acme' requires socket_path"],
  [['--drivers', 'acme,beta'], 'multiple compute drivers are not supported yet; configured drivers: acme,beta'],
  [['--drivers', ''], 'compute driver name cannot be empty'],
  [['--driver', 'acme=/x', '--db-url', 'postgres://x'], '--db-url can only be sqlite::memory: or sqlite:PATH here.'],
  [['--db-url', 'sqlite:'], '--db-url can only be sqlite::memory: or sqlite:PATH here.'],
  [['--db-url', 'sqlite:/s?mode=rwx'], '--db-url: unknown value "rwx" for `mode`; use one of rwc, rw, ro, memory.'],
  [['--db-url', 'sqlite:/s?mode='], '--db-url: unknown value "" for `mode`'],
  [['--db-url', 'sqlite:/s?cache=no'], '--db-url: unknown value "no" for `cache`'],
  [['--db-url', 'sqlite:/s?journal=wal'], '--db-url: unknown query parameter `journal` while parsing connection URL.'],
  [['--db-url', 'sqlite:/s?mode=ro'], '--db-url: a gateway writes its state; use mode=rwc.'],
  [['--db-url', 'sqlite:/s?mode=rwc&immutable=1'], '--db-url: a gateway writes its state; leave immutable out.'],
  [['--db-url', 'sqlite:/s%?mode=rwc'], '--db-url: the path /s% has a %'],
  [
    ['--db-url', 'sqlite:/no/such'],
    'unable to open database file: /no/such does not exist; add ?mode=rwc to create it.',
  ],
  [['--tls-cert', '/c'], '--tls-key FILE (cert_path and key_path in [openshell.gateway.tls])'],
  [['--driver', 'acme=/x', '--bind-address', '0.0.0.0'], 'this gateway listens on 127.0.0.1 only'],
])('%j is refused', (args, text) => {
  expect(() => plan(...args)).toThrow(text)
})

test.each([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
])('%s asks for the %s', (flag, type) => {
  expect(parseCommandLine([flag])).toMatchObject({ type })
})

describe('driver-contract 3.1: a file of version 2', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gw-plan-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const gateway = '[openshell.gateway]\ndisable_tls = true\n'
  const drivers = '[openshell.drivers.acme]\nsocket_path = "/x"\nallow_driver_config = true\n'
  const later = write('2.toml', `[openshell]\nversion = 2\n${gateway}compute_driver = "acme"\n${drivers}`)
  const early = write('1.toml', `[openshell]\nversion = 1\n${gateway}compute_drivers = ["acme"]\n${drivers}`)

  test('means line 0.1, and what its driver admits', () => {
    const wanted = { drivers: [{ name: 'acme', socketPath: '/x' }] }
    expect(plan('--config', later)).toMatchObject({ ...wanted, line: '0.1', admission: { allowDriverConfig: true } })
    expect(plan('--config', later, '--compute-driver', 'acme')).toMatchObject(wanted)
    const before = plan('--config', early)
    expect(before).toMatchObject(wanted)
    expect([before.line, before.admission]).toEqual([undefined, undefined])
  })

  test('is mandatory on that line, and none of line 0.0', () => {
    expect(() => plan('--config', early, '--line', '0.1')).toThrow('[openshell] version must be 2 on line 0.1.')
    expect(() => plan('--config', later, '--line', '0.0')).toThrow('[openshell] version must be 1 on line 0.0.')
  })
})

describe('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gw-plan-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const [c, k, a] = ['c', 'k', 'a'].map((name) => write(name, name)) as [string, string, string]
  const config = write(
    'tls.toml',
    `[openshell]\nversion = 1\n[openshell.gateway.tls]\ncert_path="${c}"\nkey_path="${k}"\n`,
  )
  const silent = write('silent.toml', '[openshell]\nversion = 1\n')
  const plaintext = write('plain.toml', '[openshell]\nversion = 1\n[openshell.gateway]\ndisable_tls = true\n')
  const tlsOf = (...args: string[]) => plan('--driver', 'acme=/x', ...args).tls

  test.each<[string[], unknown]>([
    [[], undefined],
    [['--tls-dir', '/t'], { directory: '/t' }],
    [['--tls', '--state-dir', '/s'], 'generate'],
    [['--tls-cert', c, '--tls-key', k], { certificate: 'c', key: 'k' }],
    [['--tls-cert', c, '--tls-key', k, '--tls-client-ca', a], { certificate: 'c', key: 'k', clientCa: 'a' }],
    [['--config', config], { certificate: 'c', key: 'k' }],
    [['--config', config, '--tls-client-ca', a], { certificate: 'c', key: 'k', clientCa: 'a' }],
    [['--config', config, '--disable-tls'], undefined],
    [['--config', plaintext], undefined],
    [['--config', plaintext, '--tls-dir', '/t'], { directory: '/t' }],
    [['--config', silent, '--disable-tls'], undefined],
  ])('%j', (args, expected) => {
    expect(tlsOf(...args)).toEqual(expected)
  })

  test.each<[string[], RegExp]>([
    [['--tls'], /add --tls-dir PATH or --state-dir PATH/],
    [['--tls-cert', c], /give --tls-cert FILE and --tls-key FILE/],
    [['--tls-cert', '/no/c', '--tls-key', k], /Cannot read the TLS certificate \/no\/c: there is no such file\./],
    [['--config', silent], /silent\.toml: set disable_tls = true, or name certificates/],
    [['--enable-mtls-auth', 'yes'], /--enable-mtls-auth yes must be true or false/],
  ])('%j is refused', (args, text) => {
    expect(() => tlsOf(...args)).toThrow(text)
  })

  test('users of a file and the switch for certificates reach the gateway', () => {
    const users = write('users.toml', '[[users]]\nsubject = "ann"\ntoken = "t"\n')
    expect(plan('--driver', 'acme=/x', '--users', users, '--enable-mtls-auth', 'true').auth).toEqual({
      users: [{ subject: 'ann', token: 't' }],
      certificateUsers: true,
    })
  })
})
