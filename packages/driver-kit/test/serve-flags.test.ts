import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readServeSettings, serveFlags } from '../src/cli/serve-flags.js'
import { defineDriver, runDriver } from '../src/index.js'
import { memoryBackend, memoryHandlers } from './memory-driver.js'

const driver = defineDriver({
  ...memoryHandlers(memoryBackend()),
  name: 'acme',
  version: '1.0.0',
  settings: {
    endpoint: {
      flag: 'openshell-endpoint',
      environment: 'OPENSHELL_GRPC_ENDPOINT',
      description: 'URL of the gateway.',
      required: true,
      check: (value: string) => (value.startsWith('http') ? undefined : 'must be an http or https URL'),
    },
  },
})

const needed = { OPENSHELL_COMPUTE_DRIVER_SOCKET: '/proc/none/c.sock', OPENSHELL_GRPC_ENDPOINT: 'http://gateway' }

/** Every flag of `serve` with its variable, what it may be and what not, and where its value goes. */
const flags = [
  [
    'bind-socket',
    'OPENSHELL_COMPUTE_DRIVER_SOCKET',
    '/run/a.sock',
    `/${'long/'.repeat(30)}`,
    'bytes as an absolute path',
    'socketPath',
  ],
  [
    'state-dir',
    'OPENSHELL_DRIVER_STATE_DIR',
    '/var/lib/a',
    'a\nsecret',
    'must be the path of a folder',
    'stateDirectory',
  ],
  [
    'admission-config-json',
    'OPENSHELL_DRIVER_ADMISSION_CONFIG_JSON',
    '{"allow_driver_config":true}',
    '{secret',
    'must be JSON',
    'admissionConfigJson',
  ],
  ['gateway-name', 'OPENSHELL_GATEWAY_NAME', 'east', 'a\nsecret', 'must be 1 to 128 characters', 'gatewayName'],
  ['log-level', 'OPENSHELL_LOG_LEVEL', 'debug', 'secret', 'must be one of trace, debug, info', 'logLevel'],
  [
    'otlp-endpoint',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'http://collector:4317',
    'secret',
    'must be an http or https URL',
    'otlpEndpoint',
  ],
] as const

const tracing = { tracing: true }

beforeEach(() => {
  for (const [name, value] of Object.entries(needed)) vi.stubEnv(name, value)
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
})

/** How `serve` refuses to start. */
async function refusal(...args: readonly string[]) {
  let stderr = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text)
    return true
  })
  const startTracing = async () => async () => {}
  await runDriver(driver, { argv: ['serve', ...args], startTracing })
  return { code: process.exitCode, stderr }
}

describe.each(flags)('--%s', (flag, variable, good, bad, problem, setting) => {
  test('is read from the flag, then from its variable', () => {
    const environment = { ...needed, [variable]: good }
    expect(readServeSettings(driver, [], environment, tracing)).toMatchObject({ [setting]: good })
    const both = readServeSettings(driver, [`--${flag}`, good], { ...needed, [variable]: bad }, tracing)
    expect(both).toMatchObject({ [setting]: good })
  })

  test('stops the start when it is malformed, and names the flag, the variable and what to write', async () => {
    const byFlag = await refusal(`--${flag}`, bad)
    vi.stubEnv(variable, bad)
    const byVariable = await refusal()
    for (const { code, stderr } of [byFlag, byVariable]) {
      expect(code).toBe(2)
      expect(stderr).toContain(problem)
      expect(stderr).toContain(`--${flag}`)
      expect(stderr).toContain(variable)
      expect(stderr).not.toContain('secret')
      expect(stderr.trim().split('\n')).toHaveLength(1)
    }
  })
})

test('the table has every flag', () => {
  const names = Object.entries(serveFlags(driver, {}, tracing)).map(([name, { environment }]) => [name, environment])
  expect(names).toEqual([
    ...flags.map(([name, variable]) => [name, variable]),
    ['openshell-endpoint', 'OPENSHELL_GRPC_ENDPOINT'],
  ])
})

test("a driver's own settings are flags and variables too, and are checked before anything starts", async () => {
  expect(readServeSettings(driver, ['--openshell-endpoint', 'https://b'], needed, tracing).settings).toEqual({
    endpoint: 'https://b',
  })
  vi.stubEnv('OPENSHELL_GRPC_ENDPOINT', 'secret')
  expect(await refusal()).toEqual({
    code: 2,
    stderr:
      'acme-driver: OPENSHELL_GRPC_ENDPOINT (--openshell-endpoint) must be an http or https URL. URL of the gateway.\n',
  })
  vi.stubEnv('OPENSHELL_GRPC_ENDPOINT', '')
  expect((await refusal()).stderr).toContain('Pass --openshell-endpoint VALUE or set OPENSHELL_GRPC_ENDPOINT.')
})

test("no setting of a driver takes a flag of the kit's, but for the gateway's name, which a handler may want", () => {
  const define = (flag: string) => () =>
    defineDriver({
      ...memoryHandlers(memoryBackend()),
      name: 'acme',
      version: '1.0.0',
      settings: { mine: { flag, environment: 'ACME_MINE', description: 'Mine.' } },
    })
  for (const [flag] of flags.filter(([name]) => name !== 'gateway-name')) expect(define(flag)).toThrow('is taken')
  expect(define('gateway-name')).not.toThrow()
})

test('--otlp-endpoint is there only for a program that can send traces', () => {
  const options = { tracing: false }
  expect(() => readServeSettings(driver, ['--otlp-endpoint', 'http://c'], needed, options)).toThrow(
    'Unknown flag --otlp-endpoint',
  )
  const ambient = { ...needed, OTEL_EXPORTER_OTLP_ENDPOINT: 'nonsense' }
  expect(readServeSettings(driver, [], ambient, options)).not.toHaveProperty('otlpEndpoint')
})

test.each([
  ['trace', 'trace'],
  ['hyper=warn,INFO', 'info'],
  ['off', 'silent'],
  ['hyper=debug', 'error'],
  ['hyper', 'error'],
  ['', 'error'],
])('RUST_LOG=%s wins over the level when it has one: %s', (directives, level) => {
  const environment = { ...needed, RUST_LOG: directives }
  expect(readServeSettings(driver, ['--log-level', 'error'], environment, tracing).logLevel).toBe(level)
})

test('a malformed RUST_LOG stops the start', async () => {
  vi.stubEnv('RUST_LOG', 'hyper=secret')
  const { code, stderr } = await refusal()
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/RUST_LOG, which wins over --log-level, must have levels such as trace/),
  ])
  expect(stderr).not.toContain('secret')
})
