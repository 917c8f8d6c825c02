import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { fromBinary } from '@bufbuild/protobuf'
import { anyUnpack } from '@bufbuild/protobuf/wkt'
import { credentials, status } from '@grpc/grpc-js'
import { defineDriverConfig } from '@openshell-ts/driver-config'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { BadRequestSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import { OpenShell, type Sandbox, SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { pino } from 'pino'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import {
  createSimulatedDriver,
  type DevGatewayOptions,
  type SimulatedDriverOptions,
  startDevGateway,
} from '../src/index.js'
import { execResult, failure } from './test-client.js'
import { TestSupervisor } from './test-supervisor.js'

/** A gateway with a simulated driver, and a client. */
async function start(driverOptions: SimulatedDriverOptions = {}, options: DevGatewayOptions = {}) {
  const driver = createSimulatedDriver({ name: 'acme', ...driverOptions })
  const gateway = await startDevGateway({ drivers: [driver], ...options })
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  })
  const phase = async (name: string) => (await client.unary('getSandbox', { name })).sandbox?.status?.phase
  return {
    driver,
    gateway,
    client,
    phase,
    async create(name = 'box', spec = {}): Promise<string> {
      return (await client.unary('createSandbox', { name, spec })).sandbox?.metadata?.id ?? ''
    },
    /** Follows a sandbox until it is in a phase. */
    async reaches(id: string, wanted: SandboxPhase): Promise<Sandbox> {
      for await (const { payload } of client.serverStream('watchSandbox', { id, followStatus: true })) {
        if (payload.case === 'sandbox' && payload.value.status?.phase === wanted) return payload.value
      }
      throw new Error('The watch ended.')
    },
    async [Symbol.asyncDispose]() {
      client.close()
      await gateway.close()
    },
  }
}

test('without any driver a sandbox is Ready, stops, starts and goes', async () => {
  await using world = await start({}, { drivers: [createSimulatedDriver()] })
  const { client, reaches } = world
  const id = await world.create()
  expect((await reaches(id, SandboxPhase.READY)).spec?.template?.image).toBe('simulated')
  await client.unary('stopSandbox', { name: 'box' })
  expect(await world.phase('box')).toBe(SandboxPhase.STOPPED)
  await client.unary('startSandbox', { name: 'box' })
  await reaches(id, SandboxPhase.READY)
  const removed = finished(client.serverStream('watchSandbox', { id, followStatus: true }).resume()).catch(
    () => undefined,
  )
  expect(await client.unary('deleteSandbox', { name: 'box' })).toMatchObject({ deleted: true })
  await removed
  expect((await failure(client.unary('getSandbox', { name: 'box' }))).code).toBe(status.NOT_FOUND)
})

test('blocks are refused by the config that a test gives, with every problem in the details', async () => {
  const config = defineDriverConfig('acme', { domain: 'acme.example' })
    .version(1, Type.Object({ size: Type.Optional(Type.Number()) }), {
      examples: {
        minimal: {},
        full: { size: 1 },
        invalid: [{ value: { size: 'x' }, code: 'TYPE_MISMATCH', path: 'driver_config.size' }],
      },
    })
    .build()
  await using world = await start({ config })
  await world.create('good', { template: { driverConfig: { acme: { size: 1 } } } })
  await world.reaches(
    await world.create('other', { template: { driverConfig: { beta: { any: 1 } } } }),
    SandboxPhase.READY,
  )
  const error = await failure(world.create('bad', { template: { driverConfig: { acme: { size: 'x', sise: 1 } } } }))
  expect(error.code).toBe(status.INVALID_ARGUMENT)
  const [bytes] = error.metadata.get('grpc-status-details-bin')
  const { code, message, details } = fromBinary(StatusSchema, bytes as Buffer)
  expect({ code, message }).toEqual({ code: error.code, message: error.details })
  const [first] = details
  const fields = first && anyUnpack(first, BadRequestSchema)?.fieldViolations.map(({ field }) => field)
  expect(fields?.sort()).toEqual(
    ['driver_config.acme.sise', 'driver_config.acme.size'].map((path) => path.replace('.acme', '')),
  )
})

test('a test can report events, end the main process, and take the compute away', async () => {
  await using world = await start()
  const [first, second] = [await world.create('first'), await world.create('second')]
  await Promise.all([world.reaches(first, SandboxPhase.READY), world.reaches(second, SandboxPhase.READY)])
  world.driver.emitEvent(first, { type: 'Warning', reason: 'Low', message: 'little is left' })
  const events = world.client.serverStream('watchSandbox', { id: first, followEvents: true, eventTail: 2 })
  const reasons: string[] = []
  for await (const { payload } of events) {
    if (payload.case === 'event') reasons.push(payload.value.reason)
    if (reasons.length === 2) break
  }
  expect(reasons).toEqual(['Started', 'Low'])
  world.driver.exitMainProcess(first, 3)
  expect((await world.reaches(first, SandboxPhase.ERROR)).status?.exitCode).toBe(3)
  world.driver.failSandbox(second, 'OOMKilled', 'no memory is left')
  expect((await world.reaches(second, SandboxPhase.ERROR)).status?.conditions).toMatchObject([{ reason: 'OOMKilled' }])
})

test('commands are refused with what to do, unless startSandbox supervises the sandbox', async () => {
  await using idle = await start()
  const sandboxId = await idle.create()
  await idle.reaches(sandboxId, SandboxPhase.READY)
  const run = (client: typeof idle.client, id: string) =>
    execResult(client.serverStream('execSandbox', { sandboxId: id, command: ['date'] }))
  expect(await failure(run(idle.client, sandboxId))).toMatchObject({
    code: status.UNAVAILABLE,
    details: expect.stringContaining('this simulated sandbox runs no commands'),
  })

  const disposals: string[] = []
  await using supervised = await start({
    async startSandbox({ endpoint, sandboxId: id, token, command }) {
      const supervisor = new TestSupervisor(endpoint, token)
      supervisor.onCommand = (line, channel) => {
        channel.write(`${line} in ${command.join(' ')}`)
        channel.exit(7)
        channel.end()
      }
      await supervisor.connect(id)
      return {
        async [Symbol.asyncDispose]() {
          disposals.push(id)
          await supervisor[Symbol.asyncDispose]()
        },
      }
    },
  })
  const id = await supervised.create('box', { command: ['main'] })
  await supervised.reaches(id, SandboxPhase.READY)
  expect(await run(supervised.client, id)).toEqual({ stdout: 'date in main', stderr: '', exitCode: 7 })
  await supervised.client.unary('stopSandbox', { name: 'box' })
  expect(disposals).toEqual([id])
})

test('a start that fails ends the sandbox in Error', async () => {
  await using world = await start({ startSandbox: () => Promise.reject(new Error('no room')) })
  const { status: seen } = await world.reaches(await world.create(), SandboxPhase.ERROR)
  expect(seen?.conditions).toMatchObject([{ reason: 'ContainerStartFailed' }])
})

test('a close waits for what startSandbox started, also when that fails to end', async () => {
  const ended: string[] = []
  let end: () => void = () => undefined
  const mayEnd = new Promise<void>((resolve) => {
    end = resolve
  })
  const logged: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => logged.push(JSON.parse(line).msg) })
  const startSandbox = ({ name }: { readonly name: string }) => ({
    async [Symbol.asyncDispose]() {
      await mayEnd
      ended.push(name)
      throw new Error('it does not want to')
    },
  })
  const world = await start({ startSandbox }, { logger })
  const first = await world.create('first')
  world.driver.failSandbox(first, 'OOMKilled', 'no memory is left')
  await world.create('second')
  world.client.close()
  const closing = world.gateway.close().then(() => ended.push('gateway'))
  end()
  await closing
  expect(ended).toEqual(['first', 'second', 'gateway'])
  expect(logged).toEqual(Array(2).fill('the end of startSandbox failed'))
})

test('sandboxes that a gateway kept are there again for the next one', async () => {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'sim-'))
  try {
    {
      await using world = await start({}, { stateDirectory })
      await world.reaches(await world.create('kept'), SandboxPhase.READY)
      await world.reaches(await world.create('halted'), SandboxPhase.READY)
      await world.client.unary('stopSandbox', { name: 'halted' })
    }
    await using world = await start({}, { stateDirectory })
    expect(await world.phase('kept')).toBe(SandboxPhase.READY)
    expect(await world.phase('halted')).toBe(SandboxPhase.STOPPED)
    await world.client.unary('startSandbox', { name: 'halted' })
  } finally {
    await rm(stateDirectory, { recursive: true })
  }
})

test('several gateways live in one process, each with sandboxes of its own', async () => {
  await using first = await start()
  await using second = await start()
  await first.create('mine')
  expect((await failure(second.client.unary('getSandbox', { name: 'mine' }))).code).toBe(status.NOT_FOUND)
})
