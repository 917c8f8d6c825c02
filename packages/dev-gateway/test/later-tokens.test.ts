import { create } from '@bufbuild/protobuf'
import { Metadata, status } from '@grpc/grpc-js'
import { SandboxPhase, SandboxSchema } from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { CallTrace } from '../src/index.js'
import { LaterSetup } from './later-setup.js'
import { DriverRefusal } from './scripted-driver.js'
import { failure } from './test-client.js'
import { TestSupervisor } from './test-supervisor.js'

const credential = 'not-even-a-jwt'
const runtimeIdentity = 'acme://workload/1'

/** What a call carries that shows a credential. */
function showing(text: string): { readonly metadata: Metadata } {
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${text}`)
  return { metadata }
}

/** A gateway whose driver vouches for workloads, with one sandbox. */
async function start(capabilities = { supportsSandboxAuthentication: true }) {
  const trace = new CallTrace()
  const setup = await LaterSetup.start({ capabilities, trace })
  setup.driver.replies.createSandbox = () => ({ runtimeIdentity })
  const sandbox = await setup.create()
  const id = sandbox.metadata?.id ?? ''
  setup.driver.replies.authenticateSandbox = () => ({ sandboxId: id, runtimeIdentity })
  const issue = (text: string) => setup.client.unary('issueSandboxToken', {}, showing(text))
  return { setup, sandbox, id, issue, trace, [Symbol.asyncDispose]: () => setup[Symbol.asyncDispose]() }
}

describe('driver-contract 10 and 17.5: a workload that shows its own credential', () => {
  test('gets a token of the gateway for the sandbox that the driver names, and no trace shows either', async () => {
    await using world = await start()
    const { setup, id, issue, trace } = world
    const { token, expirationTime } = await issue(credential)
    expect(expirationTime).toBeUndefined()
    expect(setup.driver.callsOf('authenticateSandbox').map(({ request }) => request.credential)).toEqual([credential])
    await using supervisor = new TestSupervisor(setup.gateway.endpoint, token)
    await supervisor.connect(id)
    const config = await setup.client.unary('getSandboxConfig', { name: id }, showing(token))
    expect(config.workspace).toBe('default')
    const shown = JSON.stringify(trace.recent())
    expect(shown).toContain('"method":"AuthenticateSandbox"')
    expect([credential, token].filter((secret) => shown.includes(secret))).toEqual([])
  })

  test('is Ready, although its supervisor was faster than the answer to Create, which names the backend’s object', async () => {
    await using setup = await LaterSetup.start({ capabilities: { supportsSandboxAuthentication: true } })
    const supervisors: AsyncDisposable[] = []
    setup.driver.replies.createSandbox = async ({ request }) => {
      const sandbox = create(SandboxSchema, { metadata: { id: request.sandbox?.id ?? '' } })
      supervisors.push(await setup.supervise(sandbox))
      return { runtimeIdentity }
    }
    const id = (await setup.create()).metadata?.id ?? ''
    await setup.driver.watched()
    setup.driver.emitStatus(id, 'box', { conditions: [{ type: 'Seen', status: 'True' }] })
    const seen = await setup.shows(({ status }) => status?.conditions.some(({ type }) => type === 'Seen') === true)
    expect(seen.status?.phase).toBe(SandboxPhase.READY)
    for (const supervisor of supervisors) await supervisor[Symbol.asyncDispose]()
  })

  test('opens nothing else with it', async () => {
    await using world = await start()
    const { setup, id } = world
    const read = setup.client.unary('getSandboxConfig', { name: id }, showing(credential))
    expect(await failure(read)).toMatchObject({ code: status.UNAUTHENTICATED, details: 'invalid token' })
    expect(setup.driver.callsOf('authenticateSandbox')).toEqual([])
  })

  test('is refused without asking a driver that authenticates no sandboxes', async () => {
    await using world = await start({ supportsSandboxAuthentication: false })
    expect(await failure(world.issue(credential))).toMatchObject({
      code: status.UNIMPLEMENTED,
      details: 'selected compute driver does not authenticate sandbox credentials',
    })
    expect(world.setup.driver.callsOf('authenticateSandbox')).toEqual([])
  })

  test('is refused with a token of the gateway, which is to be renewed', async () => {
    await using world = await start()
    expect(await failure(world.issue(world.setup.token(world.id)))).toMatchObject({
      code: status.PERMISSION_DENIED,
      details: 'this principal cannot mint a sandbox token; use RefreshSandboxToken',
    })
    expect(world.setup.driver.callsOf('authenticateSandbox')).toEqual([])
  })

  const mismatch = 'compute runtime identity does not match the sandbox'
  test.each<[string, object | DriverRefusal, status, string]>([
    ['names none', { runtimeIdentity }, status.PERMISSION_DENIED, 'compute driver returned an empty sandbox identity'],
    ['names an unknown one', { sandboxId: 'x', runtimeIdentity }, status.NOT_FOUND, 'sandbox not found'],
    ['names another object', { runtimeIdentity: 'acme://workload/2' }, status.PERMISSION_DENIED, mismatch],
    ['names no object', { runtimeIdentity: '' }, status.PERMISSION_DENIED, mismatch],
    [
      'refuses',
      new DriverRefusal(status.UNAUTHENTICATED, 'nobody that we know'),
      status.UNAUTHENTICATED,
      'nobody that we know',
    ],
    ['is away', new DriverRefusal(status.UNAVAILABLE, 'come back later'), status.UNAVAILABLE, 'come back later'],
  ])('is refused when the driver %s', async (name, said, code, details) => {
    await using world = await start()
    const sandboxId = name.includes('object') ? world.id : ''
    world.setup.driver.replies.authenticateSandbox = () => {
      if (said instanceof DriverRefusal) throw said
      return { sandboxId, ...said }
    }
    expect(await failure(world.issue(credential))).toMatchObject({ code, details })
  })
})
