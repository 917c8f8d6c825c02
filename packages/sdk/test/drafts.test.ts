import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DraftChunk, Sandbox } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, type LineGateway, startLineGateway } from './line-gateway.js'
import { SilentSupervisors } from './silent-supervisors.js'

describe.each(LINES)('drafts on line %s', (line) => {
  const supervisors = new SilentSupervisors()
  let stack: LineGateway
  beforeAll(async () => {
    stack = await startLineGateway(line, { gateway: { drivers: [supervisors.driver] } })
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  const create = (name: string): Promise<Sandbox> => stack.client.sandboxes.create({ name }, { waitReady: false })
  const propose = (sandbox: Sandbox, ...names: string[]) =>
    supervisors.propose(
      line,
      sandbox,
      names.map((ruleName) => ({ ruleName, host: `${ruleName}.example` })),
    )
  const chunkOf = async (sandbox: Sandbox, id: string): Promise<DraftChunk> => {
    const chunk = (await sandbox.drafts.read()).chunks.find((one) => one.id === id)
    if (!chunk) throw new Error('The gateway does not show the proposal.')
    return chunk
  }

  test('shows a proposal, approves it as it was read, and takes that back', async () => {
    await using sandbox = await create('asker')
    expect(await sandbox.drafts.read()).toMatchObject({ chunks: [] })
    const [id = ''] = await propose(sandbox, 'docs')
    const chunk = await chunkOf(sandbox, id)
    expect(chunk).toMatchObject({
      status: 'pending',
      ruleName: 'docs',
      rationale: 'Needs docs.example.',
      confidence: 0.5,
      proposedRule: { endpoints: [{ host: 'docs.example', port: 443 }] },
      createdAt: expect.any(Date),
    })
    expect(await stack.client.drafts.of('asker').approve(chunk)).toMatchObject({ version: 1 })
    expect(Object.keys((await sandbox.policy.get())?.networkPolicies ?? {})).toEqual(['docs'])
    expect(await chunkOf(sandbox, id)).toMatchObject({ status: 'approved', decidedAt: expect.any(Date) })
    expect(await sandbox.drafts.undo(id)).toMatchObject({ version: 2 })
    expect((await sandbox.policy.get())?.networkPolicies).toBeUndefined()
    await sandbox.drafts.reject(id, { reason: 'too wide' })
    expect(await chunkOf(sandbox, id)).toMatchObject({ status: 'rejected', rejectionReason: 'too wide' })
    const history = await sandbox.drafts.history()
    expect(history.every(({ chunkId, at }) => chunkId === id && at instanceof Date)).toBe(true)
    expect(history.length).toBeGreaterThan(1)
  })

  test('refuses an approval of a proposal that has changed since it was read', async () => {
    await using sandbox = await create('changer')
    const [id = ''] = await propose(sandbox, 'docs')
    const read = await chunkOf(sandbox, id)
    await sandbox.drafts.edit(id, { endpoints: [{ host: 'other.example', port: 443 }] })
    expect(await failureOf(sandbox.drafts.approve(read))).toMatchObject({ kind: 'failed-precondition' })
    const changed = await chunkOf(sandbox, id)
    expect(changed.reviewToken).not.toBe(read.reviewToken)
    expect(await sandbox.drafts.approve(changed)).toMatchObject({ version: 1 })
  })

  test('approves exactly what is named, and nothing for an empty list', async () => {
    await using sandbox = await create('many')
    await propose(sandbox, 'one', 'two', 'three')
    const { chunks, draftVersion } = await sandbox.drafts.read({ status: 'pending' })
    expect(chunks).toHaveLength(3)
    expect(draftVersion).toMatch(/^\d+$/)
    expect(await sandbox.drafts.approveAll([])).toMatchObject({ approved: 0 })
    expect((await sandbox.drafts.read({ status: 'pending' })).chunks).toHaveLength(3)
    const named = chunks.filter(({ ruleName }) => ruleName !== 'three')
    expect(await sandbox.drafts.approveAll(named)).toMatchObject({ approved: 2, skipped: 0 })
    expect(Object.keys((await sandbox.policy.get())?.networkPolicies ?? {}).sort()).toEqual(['one', 'two'])
    expect(await sandbox.drafts.clear()).toBe(1)
    expect((await sandbox.drafts.read({ status: 'pending' })).chunks).toEqual([])
  })

  test('refuses a rule that the line does not know, with its place', async () => {
    const rule = { endpoint: [] } as object
    const error = await failureOf(stack.client.drafts.of('x').edit('y', rule))
    expect(error.violations).toEqual([expect.objectContaining({ field: 'rule.endpoint', reason: 'UNKNOWN_FIELD' })])
  })
})
