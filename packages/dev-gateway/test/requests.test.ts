import { mkdtemp, symlink } from 'node:fs/promises'
import { connect } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Metadata, status } from '@grpc/grpc-js'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../src/clock/gateway-clock.js'
import { DriverRefusal, ScriptedDriver } from './scripted-driver.js'
import { failure, Setup } from './test-client.js'

const idOf = (sandbox: { metadata?: { id: string } | undefined }) => sandbox.metadata?.id ?? ''
const requestIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/

/** Posts one gRPC request with these raw bytes, and returns the answer's headers. */
function post(port: number, path: string, bytes: Buffer): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${port}`).on('error', () => undefined)
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    stream.on('response', (headers) => resolve({ ...headers }))
    stream.on('error', reject)
    stream.on('close', () => session.close())
    stream.resume().end(bytes)
  })
}

function frame(message: Buffer): Buffer {
  const header = Buffer.alloc(5)
  header.writeUInt32BE(message.length, 1)
  return Buffer.concat([header, message])
}

describe('x-request-id', () => {
  test('is echoed in the headers of an answer', async () => {
    await using setup = await Setup.start()
    const metadata = new Metadata()
    metadata.set('x-request-id', 'mine')
    let headers: Metadata | undefined
    await setup.client.unary('health', {}, { metadata, onHeaders: (received) => (headers = received) })
    expect(headers?.get('x-request-id')).toEqual(['mine'])
  })

  test('is made up when it is absent, also for errors, which come without a body', async () => {
    await using setup = await Setup.start()
    const error = await failure(setup.get('nobody'))
    expect(String(error.metadata.get('x-request-id')[0])).toMatch(requestIdPattern)
  })
})

test('bytes that are no message are INTERNAL, with the real decoder’s words', async () => {
  await using setup = await Setup.start()
  const answer = await post(setup.gateway.port, '/openshell.v1.OpenShell/GetSandbox', frame(Buffer.from([0x08, 1])))
  expect(answer['grpc-status']).toBe(String(status.INTERNAL))
  expect(decodeURIComponent(String(answer['grpc-message']))).toBe(
    'failed to decode Protobuf message: GetSandboxRequest.name: invalid wire type: Varint (expected LengthDelimited)',
  )
})

test('a Value without kind passes to the driver and back to the client as it came', async () => {
  await using setup = await Setup.start()
  // name "k", spec.template.driver_config = { acme: { a: <no kind> } }
  const block = Buffer.from('0a030a0161', 'hex')
  const entry = Buffer.concat([Buffer.from('0a0461636d651207', 'hex'), Buffer.from('2a05', 'hex'), block])
  const envelope = Buffer.concat([Buffer.from([0x0a, entry.length]), entry])
  const template = Buffer.concat([Buffer.from([0x5a, envelope.length]), envelope])
  const spec = Buffer.concat([Buffer.from([0x32, template.length]), template])
  const request = Buffer.concat([Buffer.from([0x0a, spec.length]), spec, Buffer.from('12016b', 'hex')])
  await post(setup.gateway.port, '/openshell.v1.OpenShell/CreateSandbox', frame(request))
  const { request: received } = await setup.driver.received('createSandbox')
  expect(received.sandbox?.spec?.template?.driverConfig).toEqual({ a: null })
  expect(setup.driver.rawOf('CreateSandbox').includes(Buffer.from('62050a030a0161', 'hex'))).toBe(true)
})

test('an unknown method is UNIMPLEMENTED', async () => {
  await using setup = await Setup.start()
  const answer = await post(setup.gateway.port, '/openshell.v1.OpenShell/NoSuchMethod', frame(Buffer.alloc(0)))
  expect(answer['grpc-status']).toBe(String(status.UNIMPLEMENTED))
})

test('an unexpected exception ends one call with INTERNAL and a log line, and nothing else', async () => {
  const lines: string[] = []
  let broken = false
  const logger = pino({ level: 'error' }, { write: (line: string) => lines.push(line) })
  await using setup = await Setup.start({
    logger,
    clock: {
      ...systemClock,
      now: () => {
        if (broken) throw new Error('clock fell off')
        return 1
      },
    },
  })
  broken = true
  const error = await failure(setup.create())
  expect(error).toMatchObject({ code: status.INTERNAL })
  expect(error.details).not.toContain('clock')
  expect(lines.join()).toContain('clock fell off')
  broken = false
  await setup.create()
})

describe('cancelling', () => {
  test.each(['validateSandboxCreate', 'createSandbox'] as const)('reaches the driver in %s', async (method) => {
    await using setup = await Setup.start()
    setup.driver.replies[method] = () => new Promise(() => undefined)
    const aborter = new AbortController()
    const call = setup.client.unary('createSandbox', { name: 'box', spec: {} }, { signal: aborter.signal })
    const { signal } = await setup.driver.received(method)
    aborter.abort()
    expect((await failure(call)).code).toBe(status.CANCELLED)
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
    const row = await setup.get().catch(() => undefined)
    // After Validate nothing is stored; after Create the row holds the name.
    expect(row?.status?.phase).toBe(method === 'createSandbox' ? SandboxPhase.PROVISIONING : undefined)
  })

  test('does not reach a stop: it goes on, and later calls on the sandbox wait for it', async () => {
    await using setup = await Setup.start()
    const sandbox = await setup.create()
    await using _supervisor = await setup.supervise(sandbox)
    let finish: () => void = () => undefined
    setup.driver.replies.stopSandbox = () => new Promise((resolve) => (finish = () => resolve({})))
    const aborter = new AbortController()
    const call = setup.client.unary('stopSandbox', { name: 'box' }, { signal: aborter.signal })
    const { signal } = await setup.driver.received('stopSandbox')
    aborter.abort()
    await failure(call)
    expect((await setup.get()).status?.phase).toBe(SandboxPhase.STOPPING)
    const second = setup.client.unary('stopSandbox', { name: 'box' })
    expect(signal.aborted).toBe(false)
    finish()
    expect((await second).sandbox?.status?.phase).toBe(SandboxPhase.STOPPED)
    expect(setup.driver.callsOf('stopSandbox').length).toBe(1)
  })
})

test('a stop whose sandbox fails meanwhile is ABORTED', async () => {
  await using setup = await Setup.start()
  const sandbox = await setup.create()
  await using _supervisor = await setup.supervise(sandbox)
  let finish: () => void = () => undefined
  setup.driver.replies.stopSandbox = () => new Promise((resolve) => (finish = () => resolve({})))
  const stopping = failure(setup.client.unary('stopSandbox', { name: 'box' }))
  await setup.driver.received('stopSandbox')
  const condition = { type: 'Ready', status: 'False', reason: 'ContainerStartFailed', message: 'no room' }
  setup.driver.emitStatus(idOf(sandbox), 'box', { conditions: [condition] })
  await setup.reaches(idOf(sandbox), SandboxPhase.ERROR)
  finish()
  expect(await stopping).toMatchObject({
    code: status.ABORTED,
    details: 'sandbox lifecycle changed while stop completed',
  })
})

test('a delete does not wait for a running create, and a create that loses its row still answers OK', async () => {
  await using setup = await Setup.start()
  let finish: () => void = () => undefined
  setup.driver.replies.createSandbox = () => new Promise((resolve) => (finish = () => resolve({})))
  const created = setup.create()
  await setup.driver.received('createSandbox')
  expect(await setup.client.unary('deleteSandbox', { name: 'box' })).toMatchObject({ deleted: false })
  finish()
  expect((await created).status?.phase).toBe(SandboxPhase.PROVISIONING)
  expect((await failure(setup.get())).code).toBe(status.NOT_FOUND)
})

test('of parallel creates of one name all are validated and one wins', async () => {
  await using setup = await Setup.start()
  const results = await Promise.allSettled([setup.create(), setup.create(), setup.create()])
  expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1)
  const losers = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason.details)
  expect(losers).toEqual(["sandbox 'box' already exists", "sandbox 'box' already exists"])
  expect(setup.driver.callsOf('validateSandboxCreate').length).toBe(3)
  expect(setup.driver.callsOf('createSandbox').length).toBe(1)
})

test('details and trailers of a refused validation pass byte for byte', async () => {
  await using setup = await Setup.start()
  const details = Buffer.from([0xff, 0, 1, 2])
  setup.driver.replies.validateSandboxCreate = () => {
    throw new DriverRefusal(status.INVALID_ARGUMENT, 'three problems', {
      'grpc-status-details-bin': details,
      'retry-after': '5',
    })
  }
  const error = await failure(setup.create())
  expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'three problems' })
  expect(error.metadata.get('grpc-status-details-bin')).toEqual([details])
  expect(error.metadata.get('retry-after')).toEqual(['5'])
  expect((await failure(setup.get())).code).toBe(status.NOT_FOUND)
})

test('a driver that is gone is UNAVAILABLE for creates, while reads go on', async () => {
  await using setup = await Setup.start()
  await setup.create()
  await setup.driver.stop()
  expect(await failure(setup.create({ name: 'next' }))).toMatchObject({
    code: status.UNAVAILABLE,
    details: 'No such file or directory (os error 2)',
  })
  expect((await setup.get()).metadata?.name).toBe('box')
  expect((await setup.client.unary('getGatewayInfo', {})).computeDrivers[0]?.name).toBe('acme')
})

test('a driver that comes back is reached by the first call, right after calls that failed', async () => {
  await using setup = await Setup.start()
  await setup.driver.stop()
  const missed = await Promise.all([failure(setup.create({ name: 'one' })), failure(setup.create({ name: 'two' }))])
  expect(missed.map(({ code }) => code)).toEqual([status.UNAVAILABLE, status.UNAVAILABLE])
  const folder = await mkdtemp(join(tmpdir(), 'gw-'))
  await using again = await ScriptedDriver.startIn(folder)
  // The folder that the gateway knows leads to the driver that has come back.
  await symlink(again.socketPath, setup.driver.socketPath)
  expect((await setup.create({ name: 'three' })).metadata?.name).toBe('three')
})

test('an empty name is made up of two words, at most 19 characters long', async () => {
  await using setup = await Setup.start()
  const sandbox = await setup.create({ name: '' })
  expect(sandbox.metadata?.name).toMatch(/^[a-z]+-[a-z]+$/)
  expect(sandbox.metadata?.name.length).toBeLessThanOrEqual(19)
})

describe('listing', () => {
  test('pages are stable, and labels select', async () => {
    await using setup = await Setup.start()
    for (const [index, team] of ['a', 'b', 'a'].entries())
      await setup.create({ name: `box-${index}`, labels: { team } })
    const names = async (request: object) => {
      const { sandboxes } = await setup.client.unary('listSandboxes', request)
      return sandboxes.map(({ metadata }) => metadata?.name)
    }
    expect(await names({})).toEqual(['box-0', 'box-1', 'box-2'])
    expect(await names({ limit: 1, offset: 1 })).toEqual(['box-1'])
    expect(await names({ offset: 9 })).toEqual([])
    expect(await names({ labelSelector: ' team=a,,' })).toEqual(['box-0', 'box-2'])
    expect(await failure(names({ labelSelector: 'team' }))).toMatchObject({ code: status.INVALID_ARGUMENT })
    expect(await failure(names({ allWorkspaces: true, workspace: 'default' }))).toMatchObject({
      details: 'all_workspaces and workspace are mutually exclusive',
    })
  })
})

test('the two workspaces of one name of a sandbox do not see each other', async () => {
  await using setup = await Setup.start()
  await setup.client.unary('createWorkspace', { name: 'team' })
  const here = await setup.create()
  const there = await setup.create({ workspace: 'team' })
  expect(idOf(here)).not.toBe(idOf(there))
  await setup.client.unary('deleteSandbox', { name: 'box', workspace: 'team' })
  expect((await setup.get()).status?.phase).toBe(SandboxPhase.PROVISIONING)
})
