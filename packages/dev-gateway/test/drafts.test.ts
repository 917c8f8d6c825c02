import { status } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failure, Setup } from './test-client.js'
import type { TestSupervisor } from './test-supervisor.js'

const idOf = (sandbox: { metadata?: { id: string } | undefined }) => sandbox.metadata?.id ?? ''

let setup: Setup
let supervisor: TestSupervisor
let sandboxId: string
beforeEach(async () => {
  setup = await Setup.start()
  const sandbox = await setup.create()
  sandboxId = idOf(sandbox)
  supervisor = await setup.supervise(sandbox)
})
afterEach(async () => {
  await supervisor[Symbol.asyncDispose]()
  await setup[Symbol.asyncDispose]()
})

const chunk = (ruleName: string, host: string, port = 443) => ({
  ruleName,
  confidence: 0.8,
  proposedRule: { endpoints: [{ host, port }], binaries: [{ path: `/usr/bin/${ruleName}` }] },
})

async function submit(proposedChunks: object[], analysisMode = 'agent_authored'): Promise<string[]> {
  const request = { name: 'box', workspace: 'default', analysisMode, proposedChunks } as never
  const answer = await supervisor.client.unary('submitPolicyAnalysis', request, { metadata: supervisor.metadata })
  return answer.acceptedChunkIds
}

const draft = () => setup.client.unary('getDraftPolicy', { name: 'box' })
const rules = async () => {
  const { policy } = await setup.client.unary('getSandboxConfig', { sandboxId })
  return Object.keys(policy?.networkPolicies ?? {}).sort()
}
const review = (chunkId: string, fields: object = {}) => ({ name: 'box', chunkId, ...fields })

describe('an analysis', () => {
  test('is taken where it is complete, and waits for a decision', async () => {
    const request = {
      name: 'box',
      proposedChunks: [chunk('good', 'a.test'), { ruleName: '' }, { ruleName: 'bare' }, chunk('_provider_x', 'a.test')],
    }
    const { metadata } = supervisor
    expect(await supervisor.client.unary('submitPolicyAnalysis', request, { metadata })).toMatchObject({
      acceptedChunks: 1,
      rejectedChunks: 3,
      rejectionReasons: [
        'chunk missing rule_name',
        "chunk 'bare' missing proposed_rule",
        "chunk '_provider_x' uses reserved '_provider_' rule-name prefix",
      ],
    })
    const { chunks, draftVersion } = await draft()
    expect(draftVersion).toBe(1n)
    expect(chunks).toMatchObject([{ ruleName: 'good', status: 'pending', hitCount: 1, binary: '/usr/bin/good' }])
    expect(await rules()).toEqual([])
  })

  test('counts the same observation in one proposal, and a newer proposal takes its place', async () => {
    const [first] = await submit([{ ...chunk('seen', 'a.test'), hitCount: 3 }], 'mechanistic')
    expect(await submit([{ ...chunk('seen', 'a.test'), hitCount: 4 }], 'mechanistic')).toEqual([first])
    expect((await draft()).chunks).toMatchObject([{ hitCount: 7 }])
    const [refined] = await submit([chunk('seen', 'a.test')])
    const { chunks } = await draft()
    expect(chunks.map(({ id, status: shown }) => [id, shown])).toEqual([
      [first, 'rejected'],
      [refined, 'pending'],
    ])
    expect(chunks[0]?.rejectionReason).toContain(String(refined))
  })

  test('shows the sandbox once more to those who watch it, and so does what becomes of it', async () => {
    const events = setup.client
      .serverStream('watchSandbox', { id: sandboxId, followStatus: true })
      [Symbol.asyncIterator]()
    const next = async () => (await events.next()).value?.payload.case
    expect(await next()).toBe('sandbox')
    const [first] = await submit([chunk('good', 'a.test'), chunk('other', 'b.test')])
    expect(await next()).toBe('sandbox')
    await setup.client.unary('approveDraftChunk', review(String(first)))
    expect(await next()).toBe('sandbox')
    await setup.client.unary('rejectDraftChunk', review(String(first)))
    expect([await next(), await next()]).toEqual(['sandbox', 'sandbox'])
    await setup.client.unary('clearDraftChunks', { name: 'box' })
    expect(await next()).toBe('sandbox')
    await events.return?.()
  })

  test('belongs to the sandbox of its supervisor', async () => {
    await setup.create({ name: 'other' })
    const request = { name: 'other', proposedChunks: [chunk('good', 'a.test')] }
    const error = await failure(
      supervisor.client.unary('submitPolicyAnalysis', request, { metadata: supervisor.metadata }),
    )
    expect(error).toMatchObject({
      code: status.PERMISSION_DENIED,
      details: 'sandbox not found or not owned by caller',
    })
  })
})

describe('a proposal', () => {
  test('joins the policy when it is approved, leaves it when that is undone, and tells its story', async () => {
    const [id = ''] = await submit([chunk('good', 'a.test')])
    expect(await setup.client.unary('approveDraftChunk', review(id))).toMatchObject({ policyVersion: 1 })
    expect(await rules()).toEqual(['good'])
    expect(await failure(setup.client.unary('approveDraftChunk', review(id)))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: "chunk status is 'approved', expected 'pending' or 'rejected'",
    })
    expect(await setup.client.unary('undoDraftChunk', review(id))).toMatchObject({ policyVersion: 2 })
    expect(await rules()).toEqual([])
    expect((await draft()).chunks).toMatchObject([{ status: 'pending', decidedAtMs: 0n }])
    await setup.client.unary('rejectDraftChunk', review(id, { reason: 'too wide' }))
    expect((await draft()).chunks).toMatchObject([{ status: 'rejected', rejectionReason: 'too wide' }])
    const { entries } = await setup.client.unary('getDraftHistory', { name: 'box' })
    expect(entries.map(({ eventType, description }) => [eventType, description])).toEqual([
      ['proposed', "Rule 'good' proposed (confidence: 80%)"],
      ['rejected', "Rule 'good' rejected"],
    ])
  })

  test('that was approved leaves the policy when it is rejected after all', async () => {
    const [id = ''] = await submit([chunk('good', 'a.test')])
    await setup.client.unary('approveDraftChunk', review(id))
    await setup.client.unary('rejectDraftChunk', review(id))
    expect(await rules()).toEqual([])
  })

  test('is approved as its reviewer saw it, or not at all', async () => {
    const [id = ''] = await submit([chunk('good', 'a.test')])
    const seen = (await draft()).chunks[0]?.reviewToken
    await setup.client.unary(
      'editDraftChunk',
      review(id, { proposedRule: { endpoints: [{ host: 'b.test', port: 1 }] } }),
    )
    const stale = setup.client.unary('approveDraftChunk', review(id, { reviewToken: seen }))
    expect((await failure(stale)).code).toBe(status.FAILED_PRECONDITION)
    const now = (await draft()).chunks[0]?.reviewToken
    await setup.client.unary('approveDraftChunk', review(id, { reviewToken: now }))
    expect(await rules()).toEqual(['good'])
    expect(await failure(setup.client.unary('editDraftChunk', review(id, { proposedRule: {} })))).toMatchObject({
      details: "chunk status is 'approved', expected 'pending'",
    })
  })

  test('cannot be approved for what every sandbox denies, nor while the gateway’s own policy holds', async () => {
    const [id = ''] = await submit([chunk('good', '127.0.0.1')])
    const blocked = await failure(setup.client.unary('approveDraftChunk', review(id)))
    expect(blocked.details).toContain("proposed rule endpoint host '127.0.0.1' is an always-blocked address")
    await setup.client.unary('updateConfig', { global: true, policy: {} })
    expect(await failure(setup.client.unary('approveDraftChunk', review(id)))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details:
        'cannot approve rules while a global policy is active; delete the global policy to manage per-sandbox rules',
    })
  })

  test.each([
    ['', status.INVALID_ARGUMENT, 'chunk_id is required'],
    ['nobody', status.NOT_FOUND, 'chunk not found'],
  ])('with the id %j is not found', async (id, code, details) => {
    for (const method of ['approveDraftChunk', 'rejectDraftChunk', 'undoDraftChunk'] as const) {
      expect(await failure(setup.client.unary(method, review(id)))).toMatchObject({ code, details })
    }
  })
})

describe('all that wait', () => {
  test('are approved together, those with security notes only when that is asked for', async () => {
    await submit([chunk('good', 'a.test'), chunk('private', '10.0.0.1'), chunk('database', 'b.test', 5432)])
    const { chunks } = await draft()
    expect(chunks.map(({ securityNotes }) => securityNotes)).toEqual([
      '',
      "Destination '10.0.0.1' appears to be an internal/private address.",
      'Port 5432 is a well-known database/service port.',
    ])
    const first = await setup.client.unary('approveAllDraftChunks', { name: 'box' })
    expect(first).toMatchObject({ chunksApproved: 1, chunksSkipped: 2, policyVersion: 1 })
    const rest = await setup.client.unary('approveAllDraftChunks', { name: 'box', includeSecurityFlagged: true })
    expect(rest).toMatchObject({ chunksApproved: 2, chunksSkipped: 0, policyVersion: 3 })
    expect(await rules()).toEqual(['database', 'good', 'private'])
    expect(await failure(setup.client.unary('approveAllDraftChunks', { name: 'box' }))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: 'no pending chunks to approve',
    })
  })

  test('stay out of the policy when one of them cannot join it', async () => {
    await submit([chunk('good', 'a.test'), chunk('bad', '*.com')])
    const all = { name: 'box', includeSecurityFlagged: true }
    expect((await failure(setup.client.unary('approveAllDraftChunks', all))).code).toBe(status.INVALID_ARGUMENT)
    expect(await rules()).toEqual([])
    expect(await setup.client.unary('clearDraftChunks', { name: 'box' })).toMatchObject({ chunksCleared: 2 })
    expect((await draft()).chunks).toEqual([])
  })
})
