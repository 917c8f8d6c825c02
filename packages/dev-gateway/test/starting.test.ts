import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { get } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { status } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import { GatewayStartError, startDevGateway } from '../src/index.js'
import { DriverRefusal, ScriptedDriver } from './scripted-driver.js'
import { failure, Setup } from './test-client.js'

const quick = { driverConnectTimeoutMs: 50, driverConnectRetryMs: 10 }
const start = (driver: ScriptedDriver, options: object = {}) =>
  startDevGateway({ drivers: [{ name: 'acme', socketPath: driver.socketPath }], timings: quick, ...options })

test('GetCapabilities and the listener requirements are asked once, in this order', async () => {
  await using setup = await Setup.start()
  await setup.create()
  const asked = setup.driver.calls.map(({ method }) => method)
  expect(asked.slice(0, 2)).toEqual(['getCapabilities', 'getGatewayListenerRequirements'])
  expect(asked.filter((method) => method === 'getCapabilities').length).toBe(1)
})

test('a driver that starts late is waited for', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'gw-'))
  const starting = startDevGateway({
    drivers: [{ name: 'acme', socketPath: join(directory, 'd.sock') }],
    timings: { driverConnectRetryMs: 5 },
  })
  await using _driver = await ScriptedDriver.startIn(directory)
  await using gateway = await starting
  expect(gateway.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
})

describe('what stops a start', () => {
  test('nobody listening at the socket', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gw-'))
    const socketPath = join(directory, 'd.sock')
    const error = await startDevGateway({ drivers: [{ name: 'acme', socketPath }], timings: quick }).catch((e) => e)
    await rm(directory, { recursive: true })
    expect(error).toBeInstanceOf(GatewayStartError)
    expect(error).toMatchObject({
      kind: 'execution',
      message: `failed to create compute runtime: failed to connect to remote compute driver socket '${socketPath}' within 0.05s: transport error`,
    })
  })

  test('a path that no socket can have', async () => {
    const socketPath = `/tmp/${'x'.repeat(120)}`
    const error = await startDevGateway({ drivers: [{ name: 'acme', socketPath }] }).catch((e) => e)
    expect(error.message).toMatch(/^The compute driver socket path has 125 bytes, but a socket path may have 10[37]/)
  })

  test.each([
    ['getCapabilities', status.UNIMPLEMENTED],
    ['getCapabilities', status.UNAVAILABLE],
    ['getGatewayListenerRequirements', status.INTERNAL],
  ] as const)('%s answering %i', async (method, code) => {
    await using driver = await ScriptedDriver.start({
      [method]: () => {
        throw new DriverRefusal(code, 'not today')
      },
    })
    await expect(start(driver)).rejects.toThrow('failed to create compute runtime: not today')
  })

  test.each([
    ['no selector', {}, "compute driver 'acme' returned a gateway listener requirement without a selector"],
    [
      'a port of 0',
      { case: 'exactBindAddress', value: '127.0.0.2:0' },
      'compute driver requested zero-port gateway listener 127.0.0.2:0',
    ],
    [
      'a multicast address',
      { case: 'exactBindAddress', value: '224.0.0.1:1' },
      'compute driver requested multicast gateway listener 224.0.0.1:1',
    ],
    [
      'every address',
      { case: 'exactBindAddress', value: '0.0.0.0:1' },
      'compute driver requested wildcard gateway listener 0.0.0.0:1',
    ],
    [
      'no address',
      { case: 'exactBindAddress', value: 'here' },
      "compute driver 'acme' returned invalid gateway listener address 'here': invalid socket address syntax",
    ],
  ])('a listener requirement with %s', async (_name, selector, text) => {
    await using driver = await ScriptedDriver.start({
      getGatewayListenerRequirements: () => ({ requirements: [{ reason: 'why', selector: selector as never }] }),
    })
    await expect(start(driver)).rejects.toThrow(text)
  })

  test('an occupied port', async () => {
    await using setup = await Setup.start()
    await expect(start(setup.driver, { port: setup.gateway.port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${setup.gateway.port}: the port is in use; choose another one with --port (port), or 0 for a free one.`,
    )
  })

  test('an occupied health port, with nothing left open', async () => {
    await using setup = await Setup.start({ healthPort: 0 })
    const { healthPort } = setup.gateway
    await expect(start(setup.driver, { healthPort })).rejects.toThrow('the port is in use')
  })

  test('a state directory that another gateway uses, until that one is closed', async () => {
    const stateDirectory = await mkdtemp(join(tmpdir(), 'gw-'))
    const first = await startDevGateway({ stateDirectory })
    const held =
      `The state directory "${stateDirectory}" is used by another process (pid ${process.pid}). ` +
      'Stop it, or name another folder with --state-dir (stateDirectory).'
    await expect(startDevGateway({ stateDirectory })).rejects.toMatchObject({ kind: 'execution', message: held })
    await first.restart()
    await expect(startDevGateway({ stateDirectory })).rejects.toThrow(held)
    await first.close()
    // One that cannot start gives it up again.
    await expect(startDevGateway({ stateDirectory, drivers: [] })).rejects.toThrow('No compute driver')
    await (await startDevGateway({ stateDirectory })).close()
    await rm(stateDirectory, { recursive: true })
  })

  test.each([
    [[], 'No compute driver is given'],
    [[{ name: ' ', socketPath: '/x' }], 'compute driver name cannot be empty'],
    [
      [
        { name: 'B', socketPath: '/x' },
        { name: 'a', socketPath: '/y' },
      ],
      'multiple compute drivers are not supported yet; configured drivers: b,a',
    ],
  ])('drivers %j', async (drivers, text) => {
    await expect(startDevGateway({ drivers })).rejects.toThrow(text)
  })
})

test('a driver without listener requirements, and one that wants loopback, are fine', async () => {
  await using without = await ScriptedDriver.start({
    getGatewayListenerRequirements: () => {
      throw new DriverRefusal(status.UNIMPLEMENTED, '')
    },
  })
  await using _first = await start(without)
  await using loopback = await ScriptedDriver.start({
    getGatewayListenerRequirements: () => ({
      requirements: [{ reason: 'r', selector: { case: 'loopbackInterface', value: {} } }],
    }),
  })
  await using _second = await start(loopback)
})

test('several gateways live in one process', async () => {
  await using first = await Setup.start()
  await using second = await Setup.start()
  await first.create({ name: 'one' })
  expect((await failure(second.get('one'))).code).toBe(status.NOT_FOUND)
})

function statusOf(port: number | undefined, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) =>
    get({ port, path }, (response) => resolve(response.resume().statusCode)).on('error', reject),
  )
}

test('the health port answers, and nothing else on it does', async () => {
  await using setup = await Setup.start({ healthPort: 0 })
  const { healthPort } = setup.gateway
  const codes = [await statusOf(healthPort, '/healthz'), await statusOf(healthPort, '/readyz')]
  const others = [
    await statusOf(healthPort, '/readyz?verbose'),
    await statusOf(healthPort, '/other'),
    await statusOf(healthPort, '//'),
  ]
  expect([...codes, ...others]).toEqual([200, 200, 200, 404, 404])
})

test('the health port does not say ready before the driver was heard', async () => {
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port: healthPort } = free.address() as AddressInfo
  free.close()
  let answer: () => void = () => undefined
  await using driver = await ScriptedDriver.start({
    getGatewayListenerRequirements: () => new Promise((resolve) => (answer = () => resolve({}))),
  })
  const starting = start(driver, { healthPort })
  await driver.received('getGatewayListenerRequirements')
  expect(await statusOf(healthPort, '/readyz')).toBe(503)
  answer()
  await using _gateway = await starting
  expect(await statusOf(healthPort, '/readyz')).toBe(200)
})

describe('closing', () => {
  test('ends open streams and sessions, and is quick with the driver hanging', async () => {
    const setup = await Setup.start()
    const sandbox = await setup.create()
    await using supervisor = await setup.supervise(sandbox)
    const ended = supervisor.sessionEnded()
    setup.driver.replies.validateSandboxCreate = () => new Promise(() => undefined)
    const hanging = failure(setup.create({ name: 'second' }))
    await setup.driver.received('validateSandboxCreate', 2)
    await setup.gateway.close()
    await setup.gateway.close()
    await ended
    expect([status.UNAVAILABLE, status.CANCELLED]).toContain((await hanging).code)
    await setup[Symbol.asyncDispose]()
  })

  test('stops the running sandboxes when the driver wants that, and keeps quiet about the others', async () => {
    const driver = await ScriptedDriver.start({
      getCapabilities: () => ({ driverName: 'd', gatewayManagesLifecycle: true }),
    })
    const setup = await Setup.start({ driver })
    for (let index = 0; index < 20; index++) await setup.create({ name: `box-${index}` })
    await setup.client.unary('deleteSandbox', { name: 'box-0' })
    await setup.gateway.close()
    expect(driver.callsOf('stopSandbox').length).toBe(19)
    await setup[Symbol.asyncDispose]()
  })

  test('says how many sandboxes could not be stopped', async () => {
    const driver = await ScriptedDriver.start({
      getCapabilities: () => ({ gatewayManagesLifecycle: true }),
      stopSandbox: () => {
        throw new DriverRefusal(status.NOT_FOUND, 'no such sandbox')
      },
    })
    const gateway = await start(driver)
    const setup = await Setup.start({ driver })
    await setup.create()
    await expect(setup.gateway.close()).rejects.toThrow('gateway shutdown cleanup failed: failed to stop 1')
    await gateway.close()
    setup.client.close()
    await driver[Symbol.asyncDispose]()
  })
})
