import { status } from '@grpc/grpc-js'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { SandboxPhase as LaterSandboxPhase } from '@openshell-ts/protocol/v0-1'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import type { DevGatewayFault, DevGatewayOptions, WireLine } from '../src/index.js'
import { EitherLineClient } from './either-line-client.js'
import { LaterSetup, scope } from './later-setup.js'
import { ObservedClock } from './observed-clock.js'
import { failure, Setup } from './test-client.js'

const { DELETING, ERROR, PROVISIONING, STARTING, STOPPED, STOPPING } = SandboxPhase

const failed = { conditions: [{ type: 'Ready', status: 'False', reason: 'Dead', message: 'it died' }] }
const dated = {
  conditions: [{ ...failed.conditions[0], lastTransitionTime: 'x', transitionTime: { seconds: 1n, nanos: 0 } }],
}
const suspended = { conditions: [{ type: 'Suspended', status: 'True', reason: 'Stopped' }] }

const sweepIntervalMs = 5_000

/** What a log line is about: its text, or that of the error in it. */
interface LogLine {
  readonly msg: string
  readonly err?: { readonly message: string }
}

/** A gateway of one line, its driver and its only sandbox, `box`. */
class World implements AsyncDisposable {
  readonly logged: LogLine[]
  readonly #line: WireLine
  readonly #setup: Setup | LaterSetup

  private constructor(line: WireLine, setup: Setup | LaterSetup, logged: LogLine[]) {
    this.#line = line
    this.#setup = setup
    this.logged = logged
  }

  static async start(line: WireLine, options: Partial<DevGatewayOptions> & { capabilities?: object } = {}) {
    const logged: LogLine[] = []
    const logger = pino({ level: 'warn' }, { write: (text: string) => logged.push(JSON.parse(text)) })
    const { capabilities, ...gateway } = { logger, timings: { watchReopenMs: 0, sweepIntervalMs }, ...options }
    const setup =
      line === '0.0'
        ? await Setup.start(gateway)
        : await LaterSetup.start({ ...gateway, ...(capabilities && { capabilities }) })
    return new World(line, setup, logged)
  }

  get driver() {
    return this.#setup.driver
  }

  get faults() {
    return this.#setup.gateway.faults
  }

  /** Creates the sandbox, and returns its id. */
  async create(): Promise<string> {
    return (await this.#setup.create()).metadata?.id ?? ''
  }

  /** Connects a supervisor to the sandbox, which is Ready then. */
  async supervise(): Promise<AsyncDisposable> {
    const setup = this.#setup
    if (setup instanceof LaterSetup) {
      const supervisor = await setup.supervise(await setup.get())
      await setup.reaches(LaterSandboxPhase.READY)
      return supervisor
    }
    const sandbox = await setup.get()
    const supervisor = await setup.supervise(sandbox)
    await setup.reaches(sandbox.metadata?.id ?? '', SandboxPhase.READY)
    return supervisor
  }

  call(rpc: 'stopSandbox' | 'startSandbox' | 'deleteSandbox'): Promise<object> {
    const client = new EitherLineClient(this.#setup.client)
    return client.unary(rpc, { name: 'box', ...(this.#line === '0.1' && { workspaceScope: scope }) })
  }

  /** The phase of the sandbox; `undefined` when it is gone. */
  async phase(): Promise<SandboxPhase | undefined> {
    const found = await this.#setup.get().catch(() => undefined)
    return found?.status?.phase as SandboxPhase | undefined
  }

  /** Lets so many sweeps run to their end; one that runs already is over before. */
  async sweeps(clock: ObservedClock, count: number): Promise<void> {
    // Who renews credentials sleeps as long as who sweeps.
    const idle = () => clock.asleep(sweepIntervalMs, 2)
    for (let sweep = 0; sweep < count; sweep++) {
      await idle()
      // Not too often: rows must stay young.
      clock.skip(sweepIntervalMs)
    }
    await idle()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#setup[Symbol.asyncDispose]()
  }
}

// How long something may take that comes by itself.
const patient = { timeout: 15_000 }

const renamed = 'encode error: sandbox name cannot be changed after creation'
const tooLarge = 'Error, decoded message length too large: found 4194305 bytes, the limit is: 4194304 bytes'
const tooLong = 'h2 protocol error: http2 error'
const otherSandbox = /^compute driver returned sandbox 'another-sandbox' for requested id '[0-9a-f-]{36}'$/

describe.each(['0.0', '0.1'] as const)('on line %s', (line) => {
  const later = line === '0.1'

  describe('a sweep, with the driver saying that the sandbox failed,', () => {
    test.each<[string, { phase: SandboxPhase; problem?: string | RegExp }]>([
      ['driver/GetSandbox:wrong-id', { phase: PROVISIONING, problem: otherSandbox }],
      ['driver/GetSandbox:wrong-name', { phase: PROVISIONING, problem: renamed }],
      ['driver/GetSandbox:wrong-name=', { phase: PROVISIONING, problem: renamed }],
      ['driver/GetSandbox:missing-sandbox', { phase: PROVISIONING }],
      ['driver/GetSandbox:missing-status', { phase: PROVISIONING }],
      ['driver/GetSandbox:bad-time', later ? { phase: PROVISIONING, problem: /Timestamp/ } : { phase: ERROR }],
      ['driver/GetSandbox:oversize-answer', { phase: PROVISIONING, problem: tooLarge }],
      ['driver/GetSandbox:status=NOT_FOUND', { phase: PROVISIONING }],
      ['driver/ListSandboxes:oversize-answer', { phase: PROVISIONING, problem: tooLarge }],
      ['driver/ListSandboxes:oversize-error', { phase: PROVISIONING, problem: tooLong }],
      ['driver/ListSandboxes:wrong-id', { phase: PROVISIONING }],
      ['driver/ListSandboxes:wrong-name', { phase: ERROR }],
      ['driver/ListSandboxes:missing-status', { phase: ERROR }],
    ])('meets %s as the real gateway does, and the next sweep goes on', async (fault, { phase, problem }) => {
      const clock = new ObservedClock()
      await using world = await World.start(line, { clock })
      await world.driver.received('listSandboxes')
      const id = await world.create()
      world.driver.records.set(id, { id, name: 'box', status: dated })
      const lying = world.faults.add(fault)
      await world.sweeps(clock, 1)
      expect(await world.phase()).toBe(phase)
      const problems = new Set(world.logged.map(({ err }) => err?.message))
      expect([...problems]).toEqual(problem === undefined ? [] : [expect.stringMatching(problem)])
      lying.remove()
      await world.sweeps(clock, 1)
      expect(await world.phase()).toBe(ERROR)
    })
  })

  describe('a watch that says that the sandbox failed', () => {
    test.each<[string, { phase: SandboxPhase; problem?: string | RegExp }]>([
      ['wrong-id', { phase: PROVISIONING }],
      ['wrong-name', { phase: PROVISIONING, problem: renamed }],
      ['missing-sandbox', { phase: PROVISIONING }],
      ['missing-status', { phase: PROVISIONING }],
      ['bad-time', later ? { phase: PROVISIONING, problem: /Timestamp/ } : { phase: ERROR }],
      ['lose-message=sandbox', { phase: PROVISIONING }],
      ['oversize-answer', { phase: PROVISIONING, problem: tooLarge }],
    ])('with %s does what it does with the real gateway, and the next watch is heard', async (lie, expected) => {
      await using world = await World.start(line, { faults: [`driver/WatchSandboxes:${lie}:1`] })
      await world.driver.watched()
      const id = await world.create()
      world.driver.sendsSnapshot = false
      world.driver.emitStatus(id, 'box', dated)
      world.driver.endWatches()
      await world.driver.watched()
      expect(await world.phase()).toBe(expected.phase)
      const problems = world.logged.flatMap(({ err }) => err?.message ?? [])
      expect(problems).toEqual(expected.problem === undefined ? [] : [expect.stringMatching(expected.problem)])
      world.driver.emitStatus(id, 'box', failed)
      await expect.poll(() => world.phase(), patient).toBe(ERROR)
    })
  })

  describe('after a call that failed, the sandbox', () => {
    const lies: readonly (readonly [string, SandboxPhase | undefined])[] = [
      ['missing-sandbox', undefined],
      ['missing-status', PROVISIONING],
      ['wrong-id', PROVISIONING],
      ['wrong-name', DELETING],
      ['status=UNAVAILABLE', PROVISIONING],
      ['status=NOT_FOUND', undefined],
      ['oversize-answer', PROVISIONING],
      ...(later ? [['bad-time', PROVISIONING] as const] : []),
    ]

    test.each(lies)('is what a driver with %s leaves of it', async (lie, afterDelete) => {
      const refuse = (rpc: string): DevGatewayFault => ({
        rpc: `driver/${rpc}`,
        effect: 'status',
        code: 'RESOURCE_EXHAUSTED',
        message: 'no',
        times: 1,
      })
      await using world = await World.start(line, {
        faults: [refuse('StopSandbox'), refuse('StartSandbox'), refuse('DeleteSandbox')],
      })
      const id = await world.create()
      world.driver.records.set(id, { id, name: 'box', status: dated })
      const lying = world.faults.add(`driver/GetSandbox:${lie}`)
      {
        await using _supervisor = await world.supervise()
        expect(await failure(world.call('stopSandbox'))).toMatchObject({
          code: status.RESOURCE_EXHAUSTED,
          details: 'stop sandbox failed: no',
        })
        expect(await world.phase()).toBe(STOPPING)
        await world.call('stopSandbox')
      }
      expect(await failure(world.call('startSandbox'))).toMatchObject({
        code: status.RESOURCE_EXHAUSTED,
        details: 'start sandbox failed: no',
      })
      expect(await world.phase()).toBe(STARTING)
      expect(lying.hits).toBe(2)
      lying.remove()
      await world.driver.watched()
      await using other = await World.start(line, { faults: [refuse('DeleteSandbox'), `driver/GetSandbox:${lie}`] })
      const otherId = await other.create()
      other.driver.records.set(otherId, { id: otherId, name: 'box', status: dated })
      expect(await failure(other.call('deleteSandbox'))).toMatchObject({
        code: status.INTERNAL,
        details: 'delete sandbox failed: no',
      })
      expect(await other.phase()).toBe(afterDelete)
    })
  })

  test.each<[string, status, string]>([
    ['driver/ValidateSandboxCreate:oversize-error:1', status.INTERNAL, tooLong],
    ['driver/ValidateSandboxCreate:oversize-answer:1', status.OUT_OF_RANGE, tooLarge],
    ['driver/ValidateSandboxCreate:drop-after-commit:1', status.UNKNOWN, 'transport error'],
    ['driver/ValidateSandboxCreate:status=UNIMPLEMENTED:1', status.UNIMPLEMENTED, 'a fault was injected'],
    ['driver/CreateSandbox:oversize-error:1', status.INTERNAL, `create sandbox failed: ${tooLong}`],
    ['driver/CreateSandbox:oversize-answer:1', status.INTERNAL, `create sandbox failed: ${tooLarge}`],
    ['driver/CreateSandbox:drop-after-commit:1', status.INTERNAL, 'create sandbox failed: transport error'],
    ['driver/CreateSandbox:status=ALREADY_EXISTS:1', status.ALREADY_EXISTS, 'sandbox already exists'],
    ['driver/CreateSandbox:status=FAILED_PRECONDITION:1', status.FAILED_PRECONDITION, 'a fault was injected'],
  ])('%s is answered with %i and leaves no sandbox', async (fault, code, details) => {
    await using world = await World.start(line, { faults: [fault] })
    expect(await failure(world.create())).toMatchObject({ code, details })
    expect(await world.phase()).toBeUndefined()
    world.driver.records.clear()
    await world.create()
  })

  test('a driver that names nothing that it creates or starts matters on line 0.1 only', async () => {
    const capabilities = { supportsSandboxAuthentication: true }
    await using world = await World.start(line, { capabilities, faults: ['driver/CreateSandbox:empty-identity:1'] })
    const named = () => ({ runtimeIdentity: 'acme://1' })
    world.driver.replies.createSandbox = named
    world.driver.replies.startSandbox = named
    const text = 'compute driver did not return a runtime identity'
    if (later) expect(await failure(world.create())).toMatchObject({ code: status.INTERNAL, details: text })
    const id = await world.create()
    expect(world.driver.callsOf('deleteSandbox')).toHaveLength(later ? 1 : 0)
    await world.driver.watched()
    world.driver.emitStatus(id, 'box', suspended)
    await expect.poll(() => world.phase(), patient).toBe(STOPPED)
    world.driver.replies.stopSandbox = () => ({})
    world.faults.add('driver/StartSandbox:empty-identity:1')
    if (later) expect(await failure(world.call('startSandbox'))).toMatchObject({ code: status.INTERNAL, details: text })
    else await world.call('startSandbox')
    expect(world.driver.callsOf('stopSandbox')).toHaveLength(later ? 1 : 0)
    expect(await world.phase()).toBe(later ? STOPPED : STARTING)
  })

  test('an acknowledgement that has changed stops new sandboxes on line 0.1 only', async () => {
    await using world = await World.start(line)
    world.faults.add('driver/GetCapabilities:changed-acknowledgement')
    if (!later) {
      await world.create()
      return
    }
    expect(await failure(world.create())).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: 'remote driver admission policy changed; restart gateway after configuring matching policy',
    })
  })

  test('a driver that is slow, and one that is read slowly, are waited for by the clock of the gateway', async () => {
    const clock = new ObservedClock()
    const [readMs, createMs] = [7_000, 8_000]
    await using world = await World.start(line, {
      clock,
      faults: [`driver/WatchSandboxes:slow-reader=${readMs}:1`, `driver/CreateSandbox:delay=${createMs}:1`],
    })
    await world.driver.watched()
    const creating = world.create()
    await clock.asleep(createMs)
    clock.skip(createMs)
    const id = await creating
    world.driver.sendsSnapshot = false
    world.driver.emitStatus(id, 'box', failed)
    await clock.asleep(readMs)
    expect(await world.phase()).toBe(PROVISIONING)
    clock.skip(readMs)
    await expect.poll(() => world.phase(), patient).toBe(ERROR)
  })
})

test('an answer that is really too large ends as the fault says', async () => {
  const clock = new ObservedClock()
  await using world = await World.start('0.0', { clock })
  await world.driver.received('listSandboxes')
  world.driver.replies.listSandboxes = () => ({ sandboxes: [{ id: 'x'.repeat(4_194_304 - 9) }] })
  await world.sweeps(clock, 1)
  await expect.poll(() => world.logged.map(({ err }) => err?.message), patient).toContain(tooLarge)
})
