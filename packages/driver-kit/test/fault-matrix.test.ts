import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseAdmissionPolicy } from '../src/contract/admission.js'
import { ConfigGate } from '../src/contract/config-gate.js'
import { silentLogger } from '../src/driver/driver-logger.js'
import { DriverEngine } from '../src/engine/driver-engine.js'
import { FileSandboxStore } from '../src/engine/file-sandbox-store.js'
import { WatchHub } from '../src/engine/watch-hub.js'
import { type Driver, type DriverLogger, defineDriver } from '../src/index.js'
import { GatewayLedger } from './gateway-ledger.js'
import { KillPlan, type KillPoint } from './kill-plan.js'
import { answersEarly, PartsBackend, partsHandlers } from './parts-backend.js'
import { temporaryFolder } from './serve-in-test.js'

vi.mock('node:fs/promises', async (original) => {
  const { killableFiles } = await import('./killable-files.js')
  return killableFiles(await original<typeof import('node:fs/promises')>())
})
vi.mock('write-file-atomic', async (original) => {
  const { killableAtomicWrite } = await import('./killable-files.js')
  return killableAtomicWrite(await original<{ default: typeof import('write-file-atomic') }>())
})

const publish = WatchHub.prototype.publish
beforeAll(() => {
  vi.spyOn(WatchHub.prototype, 'publish').mockImplementation(function (this: WatchHub, event) {
    const run = () => publish.call(this, event)
    if (KillPlan.current === undefined) run()
    else KillPlan.current.instant('publish', run)
  })
})
afterAll(() => {
  vi.restoreAllMocks()
})

/** A world in which drivers live and die: what outlives them. */
interface World {
  readonly directory: string
  readonly backend: PartsBackend
  readonly gateway: GatewayLedger
}

const worldsAtATime = 16

type Story = (gateway: GatewayLedger, backend: PartsBackend) => Promise<void>

const stories: Readonly<Record<string, Story>> = {
  'a whole life': async (gateway) => {
    await gateway.create('one')
    await gateway.stop('one')
    await gateway.start('one')
    await gateway.stop('one')
    await gateway.delete('one')
  },
  'a create and a start that answer early': async (gateway, backend) => {
    const runs = backend.reached('launch early')
    await gateway.create('early')
    await runs
    await gateway.stop('early')
    await gateway.start('early')
    await gateway.delete('early')
  },
  'a create that fails and is undone': async (gateway, backend) => {
    backend.failures.set('launch one', 1)
    expect(await refusal(gateway.create('one'))).toBe('the backend is down')
    await gateway.create('two', 'name-one')
  },
  'a delete in the middle of a create': async (gateway, backend) => {
    const begun = backend.reached('make volume one')
    const refused = refusal(gateway.create('one'))
    await begun
    await gateway.delete('one')
    expect(await refused).toBe('the sandbox was deleted while it was being created')
  },
  'operations that fail and are asked again': async (gateway, backend) => {
    for (const call of ['halt one', 'drop container one']) backend.failures.set(call, 1)
    await gateway.create('one')
    expect(await refusal(gateway.stop('one'))).toBe('the backend is down')
    await gateway.stop('one')
    backend.failures.set('launch one', 1)
    expect(await refusal(gateway.start('one'))).toBe('the backend is down')
    await gateway.start('one')
    expect(await refusal(gateway.delete('one'))).toBe('the backend is down')
    await gateway.delete('one')
  },
  'two sandboxes side by side': async (gateway) => {
    await Promise.all([gateway.create('one'), gateway.create('two')])
    await Promise.all([gateway.stop('one'), gateway.delete('two')])
    await Promise.all([gateway.start('one'), gateway.create('three', 'name-two')])
  },
}

/** The text that a call is refused with. `expect().rejects` would wait at the end of the test for calls of dead processes. */
function refusal(call: Promise<void>): Promise<string> {
  return call.then(
    () => 'it succeeded',
    (error: Error) => error.message,
  )
}

function engineOn(store: FileSandboxStore, backend: PartsBackend, logger: DriverLogger): DriverEngine {
  const driver = defineDriver({ ...partsHandlers(backend), name: 'acme', version: '1.0.0' }) as unknown as Driver
  const gate = new ConfigGate(driver, parseAdmissionPolicy('{}'))
  const limits = { abortGraceMs: 1_000, watchBacklogLimit: 1_000 }
  return new DriverEngine({ driver, settings: {}, store, gate, logger, ...limits })
}

/** One life of a driver: it recovers, and then its gateway goes on with the story until the driver dies or all is told. */
async function live({ directory, backend, gateway }: World, plan: KillPlan, story: Story) {
  const store = await FileSandboxStore.open(directory)
  const engine = engineOn(store, backend, silentLogger)
  const point = await plan.run(async () => {
    gateway.use(engine)
    await engine.recover()
    gateway.watch().catch(() => undefined)
    await story(gateway, backend)
  })
  await store.close()
  return point
}

/** Starts the driver again and holds what it finds against what the gateway was told. */
async function expectSound(world: World, where: string): Promise<void> {
  const { directory, backend, gateway } = world
  backend.failures.clear()
  const errors: unknown[] = []
  const logger = { ...silentLogger, error: (fields: object, message?: string) => void errors.push([message, fields]) }
  const engine = engineOn(await FileSandboxStore.open(directory), backend, logger)
  gateway.use(engine)
  await engine.recover()
  const watching = gateway.watch().catch(() => undefined)
  const listed = new Set((await engine.list()).map(({ id }) => id))
  expect([...listed].sort(), `${where}: nothing is orphaned, nothing is lost`).toEqual(backend.ids().sort())
  expect((await readdir(join(directory, 'sandboxes'))).sort(), `${where}: records`).toEqual([...listed].sort())
  for (const [id, ledger] of gateway.sandboxes) {
    const at = `${where}: ${id}, ${JSON.stringify({ ...ledger, open: [...ledger.open] })}`
    if (ledger.deleteAnswered || ledger.deletedTold) expect(listed, at).not.toContain(id)
    else if (ledger.done !== undefined && !ledger.open.has('delete')) expect(listed, at).toContain(id)
    if (listed.has(id)) await expectWhole(world, id, at)
  }
  await expectEmptied(world, [...listed], where)
  await engine.close()
  await watching
  expect([errors, backend.violations, gateway.violations], where).toEqual([[], [], []])
}

async function expectWhole({ directory, backend, gateway }: World, id: string, at: string): Promise<void> {
  if (!answersEarly(id)) expect(backend.isWhole(id), at).toBe(true)
  const ledger = gateway.sandboxes.get(id)
  const settled = ledger?.open.size === 0 && !ledger.failed
  if (settled && ledger.done === 'stop') expect(backend.container(id), at).toBe('stopped')
  if (settled && ledger.done === 'start' && !answersEarly(id)) expect(backend.container(id), at).toBe('running')
  // A gateway asks again for what it got no answer to.
  if (ledger?.open.has('stop')) await gateway.stop(id)
  await gateway.start(id)
  expect(backend.container(id), at).toBe('running')
  await gateway.stop(id)
  expect(backend.container(id), at).toBe('stopped')
  const files = await readdir(join(directory, 'sandboxes', id))
  expect(files.sort(), at).toEqual(['environment.json', 'files', 'record.json', 'sandbox.jwt'])
}

async function expectEmptied({ directory, backend, gateway }: World, ids: string[], where: string): Promise<void> {
  for (const id of ids) await gateway.delete(id)
  const folders = await Promise.all(['sandboxes', 'scratch'].map((name) => readdir(join(directory, name))))
  expect([backend.ids(), ...folders], `${where}: all is gone`).toEqual([[], [], []])
}

/** Lives with a kill at each point in turn, several worlds at a time; returns how many points there are. */
async function killEverywhere(name: string, prepare: (world: World) => Promise<void>, story: Story): Promise<number> {
  const points: (KillPoint | undefined)[] = []
  const attempt = async (number: number) => {
    await using folder = await temporaryFolder()
    const world = { directory: folder.path, backend: new PartsBackend(), gateway: new GatewayLedger() }
    await prepare(world)
    const point = await live(world, new KillPlan((reached) => reached.number === number), story)
    await expectSound(world, `${name}, ${point === undefined ? 'to the end' : `point ${number}, ${point.name}`}`)
    return point
  }
  while (!points.includes(undefined)) {
    const numbers = Array.from({ length: worldsAtATime }, (_, offset) => points.length + offset + 1)
    points.push(...(await Promise.all(numbers.map(attempt))))
  }
  return points.filter((point) => point !== undefined).length
}

/** A life that is killed where the name says, for a recovery to find. */
async function killAt(world: World, name: string, story: Story): Promise<void> {
  const plan = new KillPlan((point: KillPoint) => point.name === name)
  expect(await live(world, plan, story), name).toMatchObject({ name })
}

test('wherever the process is killed, the next one loses nothing, leaves nothing over and starts nothing twice', async () => {
  let points = 0
  for (const [name, story] of Object.entries(stories)) points += await killEverywhere(name, async () => {}, story)
  expect(points).toBeGreaterThanOrEqual(400)
}, 60_000)

test('a recovery that is killed is taken up by the next one', async () => {
  let points = 0
  const whole = stories['a whole life'] ?? (async () => {})
  for (const cut of ['after launch one', 'after halt one', 'after drop network one']) {
    points += await killEverywhere(
      `a recovery from ${cut}`,
      (world) => killAt(world, cut, whole),
      async () => {},
    )
  }
  expect(points).toBeGreaterThanOrEqual(20)
}, 60_000)
