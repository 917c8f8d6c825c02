import { createPublicKey } from 'node:crypto'
import { SandboxPhase, SandboxRestartPolicy } from '@openshell-ts/protocol/v0-1'
import { decodeJwt, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { TestClock } from '../src/index.js'
import { LaterSetup, scope } from './later-setup.js'
import { execResult, failure } from './test-client.js'

const named = { name: 'box', workspaceScope: scope }
const stopped = {
  conditions: [
    { type: 'Suspended', status: 'True' },
    { type: 'Ready', status: 'False', reason: 'ContainerStopped' },
  ],
}

interface Launch {
  readonly supervisor: Readonly<Record<string, string | number>>
  readonly gateway_id: string
  readonly verification_keys: readonly { readonly key_id: string; readonly public_key_pem: readonly number[] }[]
}

const read = (bytes: Uint8Array | undefined): Launch => JSON.parse(Buffer.from(bytes ?? []).toString())

/** What the driver was given with the nth start. */
const startOf = (setup: LaterSetup, index = 0) => setup.driver.callsOf('startSandbox')[index]?.request

/** A sandbox that its driver says is stopped. */
async function stoppedSandbox(setup: LaterSetup, request: object = {}) {
  const sandbox = await setup.create(request)
  await setup.driver.watched()
  setup.driver.emitStatus(sandbox.metadata?.id ?? '', 'box', stopped)
  await setup.reaches(SandboxPhase.STOPPED)
  return sandbox
}

describe('driver-contract 8 and 17.6: launch authentication', () => {
  test('comes with Create and each Start, for a run of its own, and not with Validate', async () => {
    await using setup = await LaterSetup.start({ auth: { gatewayId: 'home', tokenLifetimeSeconds: 3600 } })
    const sandbox = await stoppedSandbox(setup, { awaitMainProcessAttachment: true })
    const sandboxId = sandbox.metadata?.id ?? ''
    const validated = setup.driver.callsOf('validateSandboxCreate')[0]?.request.sandbox?.spec
    expect(validated).toMatchObject({ sandboxToken: '', awaitMainProcessAttachment: false })
    expect(validated?.launchAuthentication).toHaveLength(0)
    const created = setup.driver.callsOf('createSandbox')[0]?.request.sandbox?.spec
    expect(created).toMatchObject({ awaitMainProcessAttachment: true, sandboxToken: expect.stringMatching(/^ey/) })
    const first = read(created?.launchAuthentication)
    expect(Object.keys(first)).toEqual(['supervisor', 'gateway_id', 'verification_keys'])
    expect(Object.keys(first.supervisor)).toEqual([
      'session_id',
      'runtime_generation',
      'session_rotation',
      'auth_epoch',
      'gateway_token',
      'gateway_expires_at',
      'sandbox_token',
      'sandbox_expires_at',
    ])
    expect(first.gateway_id).toBe('home')
    const [verification] = first.verification_keys
    const key = createPublicKey(Buffer.from(verification?.public_key_pem ?? []).toString())
    for (const [token, audience] of [
      [first.supervisor['gateway_token'], 'openshell-gateway:home'],
      [first.supervisor['sandbox_token'], `openshell-sandbox:${sandboxId}`],
    ]) {
      const { payload, protectedHeader } = await jwtVerify(String(token), key, { audience: String(audience) })
      expect(payload).toMatchObject({ iss: 'openshell-gateway:home', sandbox_id: sandboxId })
      expect(protectedHeader.kid).toBe(verification?.key_id)
    }
    await setup.client.unary('startSandbox', named)
    const { launchAuthentication, generationId } = startOf(setup) ?? {}
    const second = read(launchAuthentication)
    expect(second.supervisor).toMatchObject({ runtime_generation: generationId, auth_epoch: 2 })
    expect(first.supervisor).toMatchObject({ auth_epoch: 1, session_rotation: 0 })
    expect(second.supervisor['session_id']).not.toBe(first.supervisor['session_id'])
  })

  test('is empty without a session signer, and nobody is waited for', async () => {
    await using setup = await LaterSetup.start({ auth: { sandboxTokens: false } })
    await stoppedSandbox(setup, { awaitMainProcessAttachment: true })
    await setup.client.unary('startSandbox', named)
    const created = setup.driver.callsOf('createSandbox')[0]?.request.sandbox?.spec
    expect(created).toMatchObject({ sandboxToken: '', awaitMainProcessAttachment: false })
    expect(created?.launchAuthentication).toHaveLength(0)
    expect(startOf(setup)?.launchAuthentication).toHaveLength(0)
    expect(startOf(setup)?.generationId).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('driver-contract 4: is empty for a start that a restart of the gateway repeats', async () => {
    await using setup = await LaterSetup.start()
    await stoppedSandbox(setup)
    await setup.client.unary('startSandbox', named)
    await setup.gateway.restart()
    expect(startOf(setup, 0)?.launchAuthentication.length).toBeGreaterThan(0)
    expect(startOf(setup, 1)?.launchAuthentication).toHaveLength(0)
  })

  test('supervisor 12: is renewed with the token, for the same run', async () => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create()
    const created = setup.driver.callsOf('createSandbox')[0]?.request.sandbox?.spec
    const { supervisor } = read(created?.launchAuthentication)
    const fresh = await setup.client.unary('refreshSandboxToken', {}, setup.asSupervisor(sandbox))
    expect(fresh).toMatchObject({ sessionId: supervisor['session_id'], credentialEpoch: 1n })
    expect(decodeJwt(fresh.sandboxToken)).toMatchObject({ runtime_generation: supervisor['runtime_generation'] })
    // The two tokens open different doors.
    const metadata = setup.asSupervisor(sandbox).metadata.clone()
    metadata.set('authorization', `Bearer ${fresh.sandboxToken}`)
    const refused = await failure(setup.client.unary('refreshSandboxToken', {}, { metadata }))
    expect(refused.details).toBe('invalid token: InvalidAudience')
  })
})

test('driver-contract 11.2: a snapshot of a Starting sandbox is read again before it counts', async () => {
  await using setup = await LaterSetup.start()
  const sandbox = await stoppedSandbox(setup)
  const id = sandbox.metadata?.id ?? ''
  await setup.client.unary('startSandbox', named)
  const now = { conditions: [{ type: 'Ready', status: 'False', reason: 'Starting' }, { type: 'Fresh' }] }
  setup.driver.replies.getSandbox = () => ({ sandbox: { id, name: 'box', status: now } })
  // What the driver said before the start, and what would be an error now.
  setup.driver.emitStatus(id, 'box', { conditions: [{ type: 'Ready', status: 'False', reason: 'ContainerExited' }] })
  const shown = await setup.shows(({ status }) => status?.conditions.some(({ type }) => type === 'Fresh') ?? false)
  expect(shown.status?.phase).toBe(SandboxPhase.STARTING)
})

describe('supervisor 12: the restart policy', () => {
  const { NEVER, ON_FAILURE, ALWAYS, UNSPECIFIED } = SandboxRestartPolicy
  const end = (setup: LaterSetup, sandboxId: string, exitCode: number, instanceId = 'instance-1') =>
    setup.client.unary('reportMainProcessExit', { sandboxId, instanceId, exitCode }, setup.asSupervisorOf(sandboxId))

  test.each([
    ['none', UNSPECIFIED, 1, false],
    ['never', NEVER, 1, false],
    ['on-failure', ON_FAILURE, 0, false],
    ['on-failure', ON_FAILURE, 3, true],
    ['always', ALWAYS, 0, true],
    ['always', ALWAYS, 3, true],
  ])('%s (%i) plans after code %i: %s', async (_name, restartPolicy, exitCode, planned) => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create({ spec: { restartPolicy } } as never)
    await using _ = await setup.supervise(sandbox)
    await end(setup, sandbox.metadata?.id ?? '', exitCode)
    const { status } = await setup.get()
    expect(status?.phase).toBe(exitCode === 0 ? SandboxPhase.COMPLETED : SandboxPhase.ERROR)
    expect(status?.nextRestartTime !== undefined).toBe(planned)
  })

  test('starts the compute again through the driver, later each time, and over a restart of the gateway', async () => {
    const clock = new TestClock()
    await using setup = await LaterSetup.start({ clock, timings: { mainProcessRestartMs: 10_000 } })
    const sandbox = await setup.create({ spec: { restartPolicy: ALWAYS } } as never)
    const id = sandbox.metadata?.id ?? ''
    const first = await setup.supervise(sandbox)
    await end(setup, id, 3)
    clock.skip(10_000)
    await setup.driver.received('startSandbox')
    expect(setup.driver.calls.map(({ method }) => method).filter((method) => /^st/.test(method))).toEqual([
      'stopSandbox',
      'startSandbox',
    ])
    expect((await setup.get()).status).toMatchObject({ restartCount: 1, phase: SandboxPhase.STARTING })
    await using _ = await setup.supervise(sandbox, { instanceId: 'instance-2' })
    await setup.reaches(SandboxPhase.READY)
    await end(setup, id, 0, 'instance-2')
    await setup.gateway.restart()
    clock.skip(10_000)
    expect((await setup.get()).status).toMatchObject({ phase: SandboxPhase.COMPLETED, restartCount: 1 })
    clock.skip(10_000)
    await setup.reaches(SandboxPhase.STARTING)
    expect((await setup.get()).status?.restartCount).toBe(2)
    await first[Symbol.asyncDispose]()
  })

  test('gives way to a start and to a delete by a user', async () => {
    const clock = new TestClock()
    await using setup = await LaterSetup.start({ clock, timings: { mainProcessRestartMs: 10_000 } })
    const sandbox = await setup.create({ spec: { restartPolicy: ALWAYS } } as never)
    await using _ = await setup.supervise(sandbox)
    await end(setup, sandbox.metadata?.id ?? '', 3)
    const started = await setup.client.unary('startSandbox', named)
    expect(started.sandbox?.status).toMatchObject({ phase: SandboxPhase.STARTING, restartCount: 0 })
    expect(started.sandbox?.status?.nextRestartTime).toBeUndefined()
    clock.skip(10_000)
    await setup.get()
    expect(setup.driver.callsOf('startSandbox')).toHaveLength(1)
  })
})

test('gateway-client 3: the fingerprint of the host key is shown once it is known, and not after a new start', async () => {
  await using setup = await LaterSetup.start()
  const sandbox = await setup.create()
  await using _ = await setup.supervise(sandbox)
  const session = () => setup.client.unary('createSshSession', { sandbox: 'box', workspaceScope: scope })
  expect((await session()).hostKeyFingerprint).toBe('')
  const run = { sandbox: 'box', workspaceScope: scope, command: ['true'] }
  await execResult(setup.client.serverStream('execSandbox', run))
  const { hostKeyFingerprint } = await setup.get()
  expect(hostKeyFingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
  expect((await session()).hostKeyFingerprint).toBe(hostKeyFingerprint)
  await setup.client.unary('stopSandbox', named)
  await setup.client.unary('startSandbox', named)
  expect((await setup.get()).hostKeyFingerprint).toBe('')
})
