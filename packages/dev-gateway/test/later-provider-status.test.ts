import { credentials, type ServiceError, status } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import {
  ProviderMutationKind as Kind,
  OpenShell,
  type ProviderMutationReceipt,
  ProviderReadinessReason as Reason,
  ProviderReadinessState as State,
} from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { startDevGateway, TestClock } from '../src/index.js'
import { LaterSetup, scope } from './later-setup.js'
import { ReportingSupervisor } from './reporting-supervisor.js'
import { temporaryDirectory } from './temporary-directory.js'
import { failure } from './test-client.js'

const attachment = { workspaceScope: scope, sandbox: 'box', provider: 'one' }

type WithClient = Pick<LaterSetup, 'client'>

async function addProvider({ client }: WithClient, name = 'one', fields: object = {}) {
  const provider = { metadata: { name }, type: 'generic', credentials: { [name.toUpperCase()]: 's3cret' }, ...fields }
  await client.unary('createProvider', { workspaceScope: scope, provider })
}

function required(receipt: ProviderMutationReceipt | undefined): ProviderMutationReceipt {
  if (!receipt) throw new Error('The gateway gave no receipt.')
  return receipt
}

const attach = async ({ client }: WithClient, fields: object = {}) =>
  required((await client.unary('attachSandboxProvider', { ...attachment, ...fields })).receipt)

const detach = async ({ client }: WithClient) =>
  required((await client.unary('detachSandboxProvider', attachment)).receipt)

async function read({ client }: WithClient, { receiptId }: Pick<ProviderMutationReceipt, 'receiptId'>) {
  const { status: read } = await client.unary('getSandboxProviderStatus', { ...attachment, receiptId })
  return read
}

/** State and reason behind a receipt, in words. */
async function stateOf(setup: WithClient, receipt: Pick<ProviderMutationReceipt, 'receiptId'>) {
  const { state = State.UNSPECIFIED, reason = Reason.UNSPECIFIED } = (await read(setup, receipt)) ?? {}
  return reason === Reason.UNSPECIFIED ? State[state] : `${State[state]} ${Reason[reason]}`
}

async function updateProvider({ client }: WithClient, credentials: Record<string, string>) {
  const provider = { metadata: { name: 'one' }, credentials }
  return await client.unary('updateProvider', { workspaceScope: scope, provider })
}

describe('gateway-client 21: receipts of attach, detach and update', () => {
  test('name what was changed, and what the sandbox shall come to', async () => {
    await using setup = await LaterSetup.start()
    const box = await setup.create()
    await addProvider(setup)
    const receipt = await attach(setup)
    const config = await setup.client.unary('getSandboxConfig', { workspaceScope: scope, name: 'box' })
    expect(receipt).toMatchObject({
      provider: 'one',
      workspace: 'default',
      kind: Kind.ATTACH,
      desired: {
        sandboxId: box.metadata?.id,
        sandbox: 'box',
        attachmentEpoch: config.providerAttachmentEpoch,
        providerResourceVersion: 1n,
        providerEnvRevision: config.providerEnvRevision,
        configRevision: config.configRevision,
        policyHash: config.policyHash,
      },
    })
    expect(receipt.persistedTime).toBeDefined()
    expect((await read(setup, receipt))?.receipt).toEqual(receipt)
    expect((await detach(setup)).kind).toBe(Kind.DETACH)
  })

  test('an update gives one for each sandbox, all of one change', async () => {
    await using setup = await LaterSetup.start()
    await addProvider(setup)
    for (const name of ['a', 'b']) await setup.create({ name, spec: { providers: ['one'] } })
    await setup.create({ name: 'c' })
    const { targetReceipts, mutationId } = await updateProvider(setup, { ONE: 'new' })
    expect(targetReceipts).toMatchObject([
      { kind: Kind.UPDATE, mutationId, desired: { sandbox: 'a', providerResourceVersion: 2n } },
      { kind: Kind.UPDATE, mutationId, desired: { sandbox: 'b', providerResourceVersion: 2n } },
    ])
    expect(mutationId).not.toBe('')
  })

  test('are given although no valid policy follows from the change, and nothing is ready then', async () => {
    await using setup = await LaterSetup.start()
    const { client } = setup
    const value = { value: { case: 'boolValue', value: true } } as const
    await client.unary('updateConfig', { global: true, settingKey: 'providers_v2_enabled', settingValue: value })
    const profile = { id: 'wild', credentials: [{ name: 'one' }], endpoints: [{ host: '*.com', port: 443 }] }
    await client.unary('importProviderProfiles', { profiles: [{ source: 'wild.yaml', profile }] })
    await addProvider(setup, 'one', { type: 'wild' })
    const sandbox = await setup.create({ spec: { policy: { version: 1 } } })
    const receipt = await attach(setup)
    expect(receipt.desired).toMatchObject({ policyHash: '', configRevision: 0n })
    await using supervisor = await ReportingSupervisor.connect(setup, sandbox)
    expect((await supervisor.environment()).providerEnvRevision).toBe(receipt.desired?.providerEnvRevision)
    await supervisor.report(receipt, { reason: Reason.POLICY_ACTIVATION_FAILED })
    expect(await stateOf(setup, receipt)).toBe('FAILED POLICY_ACTIVATION_FAILED')
  })

  test('outlive the gateway', async () => {
    await using directory = await temporaryDirectory()
    await using setup = await LaterSetup.start({ stateDirectory: directory.path })
    await setup.create()
    await addProvider(setup)
    const receipt = await attach(setup)
    await setup.gateway.restart()
    expect((await read(setup, receipt))?.receipt).toEqual(receipt)
  })

  test('are looked up with their provider; without an id the present state is shown', async () => {
    await using setup = await LaterSetup.start()
    await setup.create()
    await addProvider(setup)
    const observed = () => setup.client.unary('getSandboxProviderStatus', attachment)
    const missing: ServiceError[] = [await failure(observed())]
    const { receiptId } = await attach(setup)
    expect((await observed()).status).toMatchObject({
      receipt: { kind: Kind.OBSERVE, provider: 'one' },
      state: State.PERSISTED,
    })
    for (const fields of [{ receiptId: 'none' }, { receiptId, provider: 'two' }, { receiptId, sandbox: 'none' }]) {
      missing.push(await failure(setup.client.unary('getSandboxProviderStatus', { ...attachment, ...fields })))
    }
    expect(missing.map(({ code }) => code)).toEqual(missing.map(() => status.NOT_FOUND))
    const unnamed = setup.client.unary('getSandboxProviderStatus', { ...attachment, provider: '' })
    expect(await failure(unnamed)).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'provider is required' })
  })
})

describe('gateway-client 11 and 21: persisted is not installed', () => {
  test('a change is persisted without a supervisor, and pending until one has said that it is installed', async () => {
    const clock = new TestClock()
    await using setup = await LaterSetup.start({ clock })
    const sandbox = await setup.create()
    await addProvider(setup)
    const receipt = await attach(setup)
    const states = [await stateOf(setup, receipt)]
    {
      await using _silent = await ReportingSupervisor.connect(setup, sandbox, { supportsProviderReadiness: false })
      states.push(await stateOf(setup, receipt))
    }
    states.push(await stateOf(setup, receipt))
    await using supervisor = await ReportingSupervisor.connect(setup, sandbox)
    states.push(await stateOf(setup, receipt))
    await supervisor.report(receipt)
    states.push(await stateOf(setup, receipt))
    clock.skip(30_001)
    states.push(await stateOf(setup, receipt))
    expect(states).toEqual([
      'PERSISTED WAITING_FOR_SUPERVISOR',
      'PENDING UNSUPPORTED_SUPERVISOR',
      'PERSISTED SUPERVISOR_DISCONNECTED',
      'PENDING WAITING_FOR_SUPERVISOR',
      'READY',
      'PENDING SUPERVISOR_LEASE_EXPIRED',
    ])
    expect(await read(setup, receipt)).toMatchObject({ observed: { sequence: 1n, credentialsInstalled: true } })
  })

  test('what the supervisor lacks says how far the change has come', async () => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create()
    await addProvider(setup)
    const receipt = await attach(setup)
    await using supervisor = await ReportingSupervisor.connect(setup, sandbox)
    const cases: [changed: object, expected: string][] = [
      [{ attachmentEpoch: 'other' }, 'PENDING WAITING_FOR_CREDENTIALS'],
      [{ providerEnvRevision: 1n }, 'PENDING WAITING_FOR_CREDENTIALS'],
      [{ providerEnvRevision: 1n, reason: Reason.CREDENTIAL_INSTALL_FAILED }, 'PENDING WAITING_FOR_CREDENTIALS'],
      [{ credentialsInstalled: false }, 'PENDING WAITING_FOR_CREDENTIALS'],
      [{ policyHash: 'other' }, 'PENDING WAITING_FOR_POLICY'],
      [{ configRevision: 1n }, 'PENDING WAITING_FOR_POLICY'],
      [{ policyActive: false }, 'PENDING WAITING_FOR_POLICY'],
      [{ launchEnvironmentInstalled: false }, 'PENDING WAITING_FOR_PROCESS'],
      [{ policyActive: false, reason: Reason.SNAPSHOT_MISMATCH }, 'PENDING SNAPSHOT_MISMATCH'],
      [{ reason: Reason.CREDENTIAL_INSTALL_FAILED }, 'FAILED CREDENTIAL_INSTALL_FAILED'],
      [{ reason: Reason.LOCAL_POLICY }, 'WITHHELD LOCAL_POLICY'],
      [{}, 'READY'],
    ]
    const actual: string[] = []
    for (const [changed] of cases) {
      await supervisor.report(receipt, changed)
      actual.push(await stateOf(setup, receipt))
    }
    expect(actual).toEqual(cases.map(([, expected]) => expected))
  })

  test('a detach ends in revoked; what a later change took the place of is superseded', async () => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create()
    await addProvider(setup)
    const attached = await attach(setup)
    const [updated] = (await updateProvider(setup, { ONE: 'new' })).targetReceipts
    const states = [await stateOf(setup, attached)]
    const detached = await detach(setup)
    states.push(await stateOf(setup, required(updated)))
    await using supervisor = await ReportingSupervisor.connect(setup, sandbox)
    await supervisor.report(attached)
    states.push(await stateOf(setup, detached))
    await supervisor.report(detached)
    states.push(await stateOf(setup, detached))
    await attach(setup)
    states.push(await stateOf(setup, detached), await stateOf(setup, attached))
    expect(states).toEqual([
      'SUPERSEDED DESIRED_STATE_CHANGED',
      'SUPERSEDED DESIRED_STATE_CHANGED',
      'PENDING WAITING_FOR_CREDENTIALS',
      'REVOKED',
      'SUPERSEDED DESIRED_STATE_CHANGED',
      'SUPERSEDED DESIRED_STATE_CHANGED',
    ])
  })

  test('a simulated sandbox has at once what is changed', async () => {
    await using gateway = await startDevGateway({ line: '0.1' })
    const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure())
    const parts = { client }
    await client.unary('createSandbox', { name: 'box', spec: {}, workspaceScope: scope })
    const request = { sandbox: 'box', workspaceScope: scope, followStatus: true, stopOnTerminal: true }
    await client.serverStream('watchSandbox', request).toArray()
    await addProvider(parts)
    const states = [await stateOf(parts, await attach(parts)), await stateOf(parts, await detach(parts))]
    client.close()
    expect(states).toEqual(['READY', 'REVOKED'])
  })

  test('an ended credential is withheld', async () => {
    const clock = new TestClock()
    await using setup = await LaterSetup.start({ clock })
    const sandbox = await setup.create()
    const seconds = BigInt(Math.floor(clock.now() / 1000) + 60)
    await addProvider(setup, 'one', { credentialExpirationTimes: { ONE: { seconds } } })
    const receipt = await attach(setup)
    await using supervisor = await ReportingSupervisor.connect(setup, sandbox)
    const before = await supervisor.environment()
    clock.skip(61_000)
    const after = await supervisor.environment()
    expect([before.environment, before.readinessReason]).toEqual([{ ONE: 's3cret' }, Reason.UNSPECIFIED])
    expect([after.environment, after.readinessReason]).toEqual([{}, Reason.CREDENTIAL_EXPIRED])
    expect(await stateOf(setup, receipt)).toBe('WITHHELD CREDENTIAL_EXPIRED')
  })

  test('a report counts in its own session, and only when no later one came before it', async () => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create()
    await addProvider(setup)
    const receipt = await attach(setup)
    await using supervisor = await ReportingSupervisor.connect(setup, sandbox)
    expect(await supervisor.report(receipt, { sequence: 7n })).toMatchObject({
      acceptedSequence: 7n,
      reportInterval: { seconds: 10n },
      observationTtl: { seconds: 30n },
    })
    expect(await supervisor.report(receipt, { sequence: 6n, policyActive: false })).toMatchObject({
      acceptedSequence: 7n,
    })
    expect(await stateOf(setup, receipt)).toBe('READY')
    const foreign = await failure(supervisor.report(receipt, { sessionId: 'another' }))
    expect(foreign.code).toBe(status.FAILED_PRECONDITION)
  })
})

test('gateway-client 18: an attach and a detach need the version that the gateway has, unless they name none', async () => {
  await using setup = await LaterSetup.start()
  await setup.create()
  await addProvider(setup)
  const read = (await setup.get()).metadata?.resourceVersion ?? 0n
  await attach(setup, { expectedResourceVersion: read })
  for (const method of ['attachSandboxProvider', 'detachSandboxProvider'] as const) {
    const stale = await failure(setup.client.unary(method, { ...attachment, expectedResourceVersion: read }))
    expect([method, stale.code]).toEqual([method, status.ABORTED])
  }
  expect((await setup.client.unary('detachSandboxProvider', attachment)).detached).toBe(true)
})

describe('gateway-client 3: provider_attachment_epoch', () => {
  test('names the set of attached providers, in the sandbox and for its supervisor', async () => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create()
    await addProvider(setup)
    await addProvider(setup, 'two')
    const epochOf = async (name = 'box') => (await setup.get(name)).spec?.providerAttachmentEpoch
    expect(await epochOf()).toBe('')
    await attach(setup)
    const first = await epochOf()
    await attach(setup)
    expect(await epochOf()).toBe(first)
    await attach(setup, { provider: 'two' })
    const second = await epochOf()
    expect(new Set(['', first, second]).size).toBe(3)
    await using supervisor = await ReportingSupervisor.connect(setup, sandbox)
    expect((await supervisor.environment()).providerAttachmentEpoch).toBe(second)
    await setup.create({ name: 'born', spec: { providers: ['one'] } })
    expect(await epochOf('born')).toMatch(/^[0-9a-f-]{36}$/)
  })
})
