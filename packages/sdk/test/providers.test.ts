import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProviderReceipt } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, type LineGateway, startLineGateway, WORKSPACE } from './line-gateway.js'
import { startScriptedIssuer } from './scripted-issuer.js'

const SECRET = 'hunter2-very-secret'

describe.each(LINES)('providers on line %s', (line) => {
  let stack: LineGateway
  beforeAll(async () => {
    stack = await startLineGateway(line)
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('keeps credentials and gives back their names, never their values', async () => {
    const { providers } = stack.client
    const ends = new Date(Date.now() + 3_600_000)
    const made = await providers.create('keys', {
      type: 'generic',
      credentials: { TOKEN: SECRET, OTHER: SECRET },
      config: { region: 'eu' },
      credentialExpiresAt: { TOKEN: ends },
      labels: { team: 'a' },
    })
    expect(made).toMatchObject({
      name: 'keys',
      workspace: WORKSPACE,
      type: 'generic',
      credentialNames: ['OTHER', 'TOKEN'],
      config: { region: 'eu' },
      credentialExpiresAt: { TOKEN: ends },
      profileScope: 'platform',
      labels: { team: 'a' },
    })
    const found = await providers.get('keys')
    expect(found).toEqual(made)
    expect(await providers.list({ pageSize: 1 }).toArray()).toEqual([made])
    expect(inspect([made, found], { depth: null })).not.toContain(SECRET)
    expect(await providers.delete('keys')).toEqual({ outcome: 'completed' })
    expect(await providers.delete('keys')).toEqual({ outcome: 'absent' })
    expect(await providers.tryGet('keys')).toBeUndefined()
  })

  test('changes what an update names, removes what it says, and refuses what another has changed', async () => {
    const { providers } = stack.client
    const { resourceVersion } = await providers.create('shift', {
      type: 'generic',
      credentials: { A: '1', B: '2' },
      config: { x: '1', y: '2' },
      credentialExpiresAt: { A: new Date('2099-01-01') },
    })
    const { provider, receipts } = await providers.update(
      'shift',
      { credentials: { C: '3' }, removeCredentials: ['B'], removeConfig: ['x'], removeExpirations: ['A'] },
      { expectedResourceVersion: resourceVersion },
    )
    expect(provider).toMatchObject({ credentialNames: ['A', 'C'], config: { y: '2' }, credentialExpiresAt: {} })
    expect(receipts).toEqual([])
    const late = providers.update('shift', { config: { z: '1' } }, { expectedResourceVersion: resourceVersion })
    expect(await failureOf(late)).toMatchObject({ kind: 'conflict' })
    const unchecked = providers.update('shift', {}, { expectedResourceVersion: '0' })
    expect(await failureOf(unchecked)).toMatchObject({ kind: 'invalid-argument', attempts: 0 })
  })

  test('reports every problem at once, without a value, and sends nothing', async () => {
    const spec = { type: ' ', credentials: { ['k'.repeat(257)]: SECRET, BIG: SECRET.repeat(1000) } }
    const error = await failureOf(stack.client.providers.create('bad', spec))
    expect(error).toMatchObject({ kind: 'invalid-argument', attempts: 0 })
    expect(error.violations.map(({ reason }) => reason)).toEqual(['REQUIRED', 'TOO_LONG', 'TOO_LONG'])
    expect(inspect(error, { depth: null })).not.toContain(SECRET)
    const update = stack.client.providers.update('bad', { credentials: { A: '' }, config: { b: '' } })
    expect((await failureOf(update)).violations.map(({ description }) => description)).toEqual([
      expect.stringContaining('removeCredentials'),
      expect.stringContaining('removeConfig'),
    ])
    const both = { credentials: { A: 'x' }, removeCredentials: ['A', 'B'], config: { C: 'x' }, removeConfig: ['C'] }
    const times = { credentialExpiresAt: { B: new Date(), D: new Date() }, removeExpirations: ['D'] }
    const torn = await failureOf(stack.client.providers.update('bad', { ...both, ...times }))
    expect(torn.violations.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
      'credentials["A"] CONFLICT',
      'config["C"] CONFLICT',
      'credentialExpiresAt["D"] CONFLICT',
      'credentialExpiresAt["B"] CONFLICT',
    ])
  })

  test('does not show a credential in the error of a call that the gateway refuses', async () => {
    const error = await failureOf(
      stack.client.workspace('nowhere').providers.create('x', { type: 'generic', credentials: { A: SECRET } }),
    )
    expect(error).toMatchObject({ kind: 'not-found', rpc: 'CreateProvider' })
    expect(inspect(error, { depth: null })).not.toContain(SECRET)
  })

  test('attaches and detaches, and refuses to delete what is attached', async () => {
    const { providers, sandboxes } = stack.client
    await providers.create('tools', { type: 'generic', credentials: { TOOLS: '1' } })
    await using sandbox = await sandboxes.create({ name: 'user' }, { waitReady: false })
    const attached = await sandbox.providers.attach('tools')
    expect(attached.sandbox.spec.providers).toEqual(['tools'])
    expect(attached).toMatchObject({ changed: true })
    expect(await providers.of('user').attach('tools')).toMatchObject({ changed: false })
    expect((await sandbox.providers.list().toArray()).map(({ name }) => name)).toEqual(['tools'])
    const refused = await failureOf(providers.delete('tools'))
    expect(refused).toMatchObject({ kind: 'failed-precondition' })
    expect(refused.message).toContain('attached to sandbox(es): user')
    const old = { expectedResourceVersion: '1' }
    expect(await failureOf(sandbox.providers.detach('tools', old))).toMatchObject({ kind: 'conflict' })
    expect(await sandbox.providers.detach('tools')).toMatchObject({ changed: true })
    expect(await failureOf(sandbox.providers.attach('nobody'))).toMatchObject({ kind: 'failed-precondition' })
  })

  test('follows a change into a sandbox from line 0.1 on', async () => {
    const { providers, sandboxes } = stack.client
    await providers.create('later', { type: 'generic', credentials: { LATER: '1' } })
    await using sandbox = await sandboxes.create({ name: 'follower' }, { waitReady: false })
    const { receipt } = await sandbox.providers.attach('later')
    if (line === '0.0') {
      const made: ProviderReceipt = { id: 'x', kind: 'attach', providerName: 'later', sandboxId: '', sandboxName: '' }
      expect(receipt).toBeUndefined()
      expect(await failureOf(sandbox.providers.waitReady(made))).toMatchObject({ kind: 'unsupported' })
      return
    }
    if (!receipt) throw new Error('The gateway gave no receipt.')
    expect(receipt).toMatchObject({ kind: 'attach', providerName: 'later', sandboxName: 'follower' })
    expect(await sandbox.providers.waitReady(receipt)).toMatchObject({ state: 'ready', receipt })
    const { receipts } = await providers.update('later', { credentials: { LATER: '2' } })
    expect(receipts).toEqual([expect.objectContaining({ kind: 'update', sandboxName: 'follower' })])
    for (const update of receipts) expect((await sandbox.providers.waitReady(update)).state).toBe('ready')
    const detached = await sandbox.providers.detach('later')
    if (!detached.receipt) throw new Error('The gateway gave no receipt.')
    expect(await sandbox.providers.waitReady(detached.receipt)).toMatchObject({ state: 'revoked' })
    expect(await failureOf(sandbox.providers.waitReady(receipt))).toMatchObject({ kind: 'wait-failed' })
  })

  test('sets, shows, runs and ends the renewal of a credential, and keeps its material to itself', async () => {
    await using issuer = await startScriptedIssuer({
      token: () => ({ body: { access_token: SECRET, token_type: 'Bearer', expires_in: 3600 } }),
    })
    const { providers, profiles } = stack.client
    await profiles.import([
      {
        profile: {
          id: 'renewed',
          displayName: 'Renewed',
          category: 'other',
          credentials: [
            {
              name: 'TOKEN',
              envVars: ['TOKEN'],
              authStyle: 'bearer',
              headerName: 'authorization',
              refresh: { strategy: 'oauth2-client-credentials', tokenUrl: `${issuer.url}/token` },
            },
          ],
          endpoints: [{ host: 'api.example.com', port: 443 }],
        },
      },
    ])
    await providers.create('renew', { type: 'renewed', profileScope: 'workspace', credentials: { TOKEN: 'old' } })
    expect(await providers.refresh.status('renew')).toEqual([])
    const configured = await providers.refresh.configure('renew', 'TOKEN', {
      strategy: 'oauth2-client-credentials',
      material: { client_id: 'me', client_secret: SECRET },
      secretMaterialNames: ['client_secret'],
    })
    expect(configured).toMatchObject({
      providerName: 'renew',
      credentialName: 'TOKEN',
      strategy: 'oauth2-client-credentials',
    })
    expect(await providers.refresh.status('renew')).toEqual([configured])
    const rotated = await providers.refresh.rotate('renew', 'TOKEN')
    expect(rotated).toMatchObject({ expiresAt: expect.any(Date), lastRefreshAt: expect.any(Date), lastError: '' })
    expect((await providers.get('renew')).credentialExpiresAt).toEqual({ TOKEN: rotated.expiresAt })
    expect(issuer.requests).toHaveLength(1)
    const managed = providers.update('renew', { credentials: { TOKEN: 'by hand' } })
    expect(await failureOf(managed)).toMatchObject({ kind: 'failed-precondition' })
    expect(inspect([configured, rotated], { depth: null })).not.toContain(SECRET)
    expect(await providers.refresh.delete('renew', 'TOKEN')).toEqual({ outcome: 'completed' })
    expect(await providers.refresh.delete('renew', 'TOKEN')).toEqual({ outcome: 'absent' })
    expect(await failureOf(providers.refresh.rotate('renew', 'TOKEN'))).toMatchObject({
      rpc: 'RotateProviderCredential',
    })
  })

  test('reports every problem of a renewal at once, without a value, and sends nothing', async () => {
    const configuration = {
      strategy: 'external',
      material: { a: SECRET.repeat(1000) },
      secretMaterialNames: ['b'],
    } as const
    const error = await failureOf(stack.client.providers.refresh.configure('x', 'no name', configuration))
    expect(error).toMatchObject({ kind: 'invalid-argument', attempts: 0 })
    expect(error.violations.map(({ field }) => field)).toEqual([
      'credentialName',
      'material["a"]',
      'secretMaterialNames',
    ])
    expect(inspect(error, { depth: null })).not.toContain(SECRET)
  })
})
