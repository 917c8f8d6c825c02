import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { status } from '@grpc/grpc-js'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import { parseCommandLine, usage } from '../src/cli-options.js'
import { faultEffects } from '../src/faults/fault-effects.js'
import { formatFault, parseFault } from '../src/faults/parse-fault.js'
import { type DevGatewayFault, FaultError, GatewayStartError, TestClock } from '../src/index.js'
import { LaterSetup, scope } from './later-setup.js'
import { execResult, failure, Setup } from './test-client.js'

const idOf = (sandbox: { metadata?: { id: string } | undefined }) => sandbox.metadata?.id ?? ''

/** A Ready sandbox `box` with its supervisor, in a gateway with faults. */
async function readyBox(...faults: (DevGatewayFault | string)[]) {
  const setup = await Setup.start({ faults })
  const sandbox = await setup.create()
  const supervisor = await setup.supervise(sandbox)
  await setup.reaches(idOf(sandbox), SandboxPhase.READY)
  return { setup, supervisor, id: idOf(sandbox) }
}

const exec = (setup: Setup, sandboxId: string) =>
  setup.client.serverStream('execSandbox', { sandboxId, command: ['x'] })

describe('calls of clients', () => {
  test.each([
    ['CreateSandbox:drop-before-commit:1', status.UNAVAILABLE, 0],
    ['CreateSandbox:drop-after-commit:1', status.UNAVAILABLE, 1],
    ['CreateSandbox:status=RESOURCE_EXHAUSTED:1', status.RESOURCE_EXHAUSTED, 0],
    ['CreateSandbox:status-after-commit=ABORTED:1', status.ABORTED, 1],
  ])('%s fails with %i and leaves %i sandboxes, and the next call works', async (fault, code, count) => {
    await using setup = await Setup.start({ faults: [fault] })
    expect((await failure(setup.create())).code).toBe(code)
    expect((await setup.client.unary('listSandboxes', {})).sandboxes).toHaveLength(count)
    await setup.create({ name: 'next' })
  })

  test('a delay runs by the clock of the gateway', async () => {
    const clock = new TestClock()
    await using setup = await Setup.start({ clock, faults: ['CreateSandbox:delay=600000'] })
    const created = setup.create()
    await setup.client.unary('health', {})
    expect(setup.driver.callsOf('createSandbox')).toEqual([])
    clock.skip(600_000)
    expect((await created).metadata?.name).toBe('box')
  })

  test('a half-open answer never comes, though everything is done', async () => {
    await using setup = await Setup.start({ faults: ['CreateSandbox:half-open'] })
    const created = failure(setup.create())
    await setup.driver.received('createSandbox')
    setup.client.close()
    await setup.gateway.close()
    expect((await created).code).not.toBe(status.OK)
  })

  test('a half-open watch keeps quiet behind its first message', async () => {
    await using setup = await Setup.start({ faults: ['WatchSandbox:half-open=1:1'] })
    const id = idOf(await setup.create())
    const stream = setup.client.serverStream('watchSandbox', { id, followStatus: true })
    const seen: unknown[] = []
    stream.on('data', (event) => seen.push(event))
    stream.on('error', () => undefined)
    await once(stream, 'data')
    await using _supervisor = await setup.supervise(await setup.get())
    await setup.reaches(id, SandboxPhase.READY)
    expect(seen).toHaveLength(1)
    expect(stream.readableEnded).toBe(false)
    stream.cancel()
  })

  test('a watch loses the message at a place', async () => {
    await using setup = await Setup.start({ faults: ['WatchSandbox@box:lose-message=1:1'] })
    const sandbox = await setup.create()
    const stream = setup.client.serverStream('watchSandbox', { id: idOf(sandbox), followStatus: true })
    const first = once(stream, 'data')
    stream.on('error', () => undefined)
    await once(
      setup.client.serverStream('watchSandbox', { id: idOf(sandbox) }).on('error', () => undefined),
      'data',
    )
    await using _supervisor = await setup.supervise(sandbox)
    expect(await first).toMatchObject([{ payload: { value: { status: { phase: SandboxPhase.READY } } } }])
    stream.cancel()
  })

  test('a command without its exit event ends without an exit code', async () => {
    const { setup, supervisor, id } = await readyBox('ExecSandbox@box:lose-message=exit:1')
    await using _setup = setup
    await using _supervisor = supervisor
    expect(await execResult(exec(setup, id))).toMatchObject({ exitCode: undefined })
    expect(await execResult(exec(setup, id))).toMatchObject({ exitCode: 0 })
  })

  test('a slow reader takes the messages of a stream by the clock of the gateway', async () => {
    const clock = new TestClock()
    await using setup = await Setup.start({ clock, faults: ['ConnectSupervisor:slow-reader=600000:1'] })
    const sandbox = await setup.create()
    const connected = setup.supervise(sandbox)
    await setup.client.unary('health', {})
    expect((await setup.get()).status?.phase).toBe(SandboxPhase.PROVISIONING)
    const skipping = setInterval(() => clock.skip(600_000), 5)
    await using _supervisor = await connected
    clearInterval(skipping)
  })

  test('a supervisor’s session ends early, and it may come back', async () => {
    await using setup = await Setup.start({ faults: ['ConnectSupervisor@box:end-early=1:1'] })
    const sandbox = await setup.create()
    await using first = await setup.supervise(sandbox)
    await first.disconnectAndWait()
    await using _second = await setup.supervise(sandbox)
    await setup.reaches(idOf(sandbox), SandboxPhase.READY)
  })
})

test('a session that is superseded ends, its sandbox stays Ready, and commands wait until a supervisor comes back', async () => {
  await using setup = await Setup.start({ faults: ['ConnectSupervisor@box:superseded:1'] })
  const sandbox = await setup.create()
  await using first = await setup.supervise(sandbox)
  await first.disconnectAndWait()
  expect((await setup.get()).status?.phase).toBe(SandboxPhase.READY)
  const waiting = execResult(exec(setup, idOf(sandbox)))
  await using second = await setup.supervise(sandbox)
  expect(await waiting).toMatchObject({ exitCode: 0 })
  const asked = [first, second].map(({ messages }) => messages.some(({ payload }) => payload.case === 'relayOpen'))
  expect(asked).toEqual([false, true])
})

test('a watch of line 0.1 that goes on after a cursor hears once that its place is gone, and again after a restart', async () => {
  await using setup = await LaterSetup.start({ faults: ['WatchSandbox@box:lose-cursor:1'] })
  const { metadata } = await setup.create()
  await setup.driver.watched()
  const request = { sandbox: 'box', workspaceScope: scope, followEvents: true, eventTail: 50 }
  const cursorOf = async (resumeAfterCursor: string) => {
    const stream = setup.client.serverStream('watchSandbox', { ...request, resumeAfterCursor })
    for await (const { cursor } of stream) if (cursor !== '') return cursor
    return ''
  }
  const first = cursorOf('')
  setup.driver.emit({ case: 'platformEvent', value: { sandboxId: metadata?.id ?? '', event: { type: 'Pulled' } } })
  const cursor = await first
  expect(await failure(cursorOf(cursor))).toMatchObject({ code: status.OUT_OF_RANGE })
  const next = cursorOf(cursor)
  setup.driver.emit({ case: 'platformEvent', value: { sandboxId: metadata?.id ?? '', event: { type: 'Started' } } })
  expect((await next) > cursor).toBe(true)
  await setup.gateway.restart()
  const ofEarlierRun = await failure(cursorOf(cursor))
  expect(ofEarlierRun).toMatchObject({ code: status.OUT_OF_RANGE })
})

describe('calls of the driver', () => {
  test.each([
    ['driver/CreateSandbox:status=UNAVAILABLE:1', 0],
    ['driver/CreateSandbox:status-after-commit=UNAVAILABLE:1', 1],
    ['driver/CreateSandbox:drop-before-commit:1', 0],
    ['driver/CreateSandbox:drop-after-commit:1', 1],
  ])('%s fails the create after the driver was called %i times', async (fault, calls) => {
    await using setup = await Setup.start({ faults: [fault] })
    expect((await failure(setup.create())).code).toBe(status.INTERNAL)
    expect(setup.driver.callsOf('createSandbox')).toHaveLength(calls)
    await setup.create()
  })

  test('a watch that ends early is opened again', async () => {
    await using setup = await Setup.start({
      faults: ['driver/WatchSandboxes:end-early=1:1'],
      timings: { watchReopenMs: 0 },
    })
    const id = idOf(await setup.create())
    await setup.driver.watched()
    const ready = { conditions: [{ type: 'Ready', status: 'False', reason: 'Dead' }] }
    setup.driver.emitStatus(id, 'box', { conditions: [{ type: 'Ready', status: 'False', reason: 'Starting' }] })
    await setup.driver.watched()
    setup.driver.records.set(id, { id, name: 'box', status: ready })
    await setup.reaches(id, SandboxPhase.ERROR)
  })

  test('a lost event of the watch changes no row', async () => {
    await using setup = await Setup.start({ faults: ['driver/WatchSandboxes:lose-message=deleted'] })
    const id = idOf(await setup.create())
    await setup.driver.watched()
    setup.driver.emit({ case: 'deleted', value: { sandboxId: id } })
    setup.driver.emitStatus(id, 'box', { conditions: [{ type: 'Ready', status: 'False', reason: 'Dead' }] })
    await setup.reaches(id, SandboxPhase.ERROR)
  })
})

test('faults strike their sandbox only, as often as they say, until they are removed, and outlive a restart', async () => {
  await using setup = await Setup.start()
  await setup.create()
  await setup.create({ name: 'other' })
  const fault = setup.gateway.faults.add({ rpc: 'GetSandbox', sandbox: 'box', effect: 'status', code: 'DATA_LOSS' })
  await setup.gateway.restart()
  const client = setup.connect()
  await client.unary('getSandbox', { name: 'other' })
  expect((await failure(client.unary('getSandbox', { name: 'box' }))).code).toBe(status.DATA_LOSS)
  expect(fault.hits).toBe(1)
  fault.remove()
  await client.unary('getSandbox', { name: 'box' })
  client.close()
})

test.each([
  ['CreateSandbox', 'is not of the form [driver/]RPC[@SANDBOX]:EFFECT[=VALUE][:TIMES]'],
  ['CreateSandbox:explode', 'has no effect that is known; use one of drop-before-commit, '],
  ['CreateSandbox:delay', 'needs its effect as delay=MS'],
  ['CreateSandbox:status=OK', 'needs its effect as status=CODE'],
  ['CreateSandbox:status=13', 'needs its effect as status=CODE'],
  ['CreateSandbox:drop-after-commit:0', 'strikes 0 times; give a whole number from 1'],
  ['CreateSandbox:lose-message=', 'needs its effect as lose-message=KIND or =PLACE'],
  ['GetSandbox:wrong-id', 'cannot strike GetSandbox; use it on driver/GetSandbox, driver/ListSandboxes, driver/Watch'],
  [
    'driver/GetSandbox:slow-reader=5',
    'cannot strike driver/GetSandbox; use it on ForwardTcp, ExecSandboxInteractive, ',
  ],
  ['driver/DeleteSandbox:oversize-error=200000', 'has more than 131072 bytes; give fewer'],
  ['MakeSandbox:drop-after-commit', 'names no RPC; write it as CreateSandbox, or driver/CreateSandbox'],
])('refuses %s', async (text, problem) => {
  await using setup = await Setup.start()
  expect(() => setup.gateway.faults.add(text)).toThrow(FaultError)
  expect(() => setup.gateway.faults.add(text)).toThrow(problem)
})

test('every effect stands in the help for faults and on the package’s page', () => {
  const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const request = parseCommandLine(['--fault', 'help'])
  const { text } = request.type === 'help' ? request : { text: '' }
  for (const [name, { value, about }] of Object.entries(faultEffects)) {
    for (const help of [text, usage]) expect(help).toContain(`${name}${value}`)
    expect(text).toContain(about)
    expect(page).toContain(`\`${name}`)
  }
})

test.each([
  'GetSandbox@box:status=UNAVAILABLE:2',
  'ExecSandbox:lose-message=exit',
  'driver/GetSandbox:wrong-name=:1',
  'driver/WatchSandboxes:half-open=3',
])('%s is written as it is read', (text) => {
  expect(formatFault(parseFault(text))).toBe(text)
})

test('the command line takes faults, and refuses those that are malformed', () => {
  const request = parseCommandLine(['--fault', 'GetSandbox@box:status=UNAVAILABLE:2'])
  const fault = { rpc: 'GetSandbox', sandbox: 'box', effect: 'status', code: 'UNAVAILABLE', times: 2 }
  expect(request).toMatchObject({ serve: { faults: [fault] } })
  expect(() => parseCommandLine(['--fault', 'GetSandbox'])).toThrow('The fault GetSandbox is not of the form')
  expect(() => parseCommandLine(['--fault', 'Get:delay=1'])).toThrow(GatewayStartError)
})
