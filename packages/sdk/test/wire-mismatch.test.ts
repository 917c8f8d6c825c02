import { startDevGateway } from '@openshell-ts/dev-gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, type LineGateway, startLineGateway, WORKSPACE } from './line-gateway.js'

const KEPT = { waitReady: false, keep: true } as const

describe.each(LINES)('a gateway of line %s', (line) => {
  const other = line === '0.0' ? '0.1' : '0.0'
  let stack: LineGateway
  beforeAll(async () => {
    stack = await startLineGateway(line)
    await stack.client.workspaces.create('hq')
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  // Of a name in place of a selector some do not decode, and some decode to a selector of nothing.
  test.each([WORKSPACE, 'hq'])(
    'spoken to in the other line about workspace %s shows as a mismatch',
    async (workspace) => {
      const { endpoint } = stack.gateway
      await using client = await OpenShellClient.connect({ endpoint, workspace, wireLine: other })
      const error = await failureOf(client.sandboxes.get('box'))
      expect(error).toMatchObject({ kind: 'wire-mismatch', retryable: false })
      expect(await failureOf(client.sandboxes.list().toArray())).toMatchObject({ kind: 'wire-mismatch' })
    },
  )

  test('is spoken to in its own line with wireLine, whatever version it reports', async () => {
    await using nameless = await startDevGateway({ line, version: '0.0.0' })
    const { endpoint } = nameless
    expect(await failureOf(OpenShellClient.connect({ endpoint }))).toMatchObject({ kind: 'unsupported-gateway' })
    await using client = await OpenShellClient.connect({ endpoint, workspace: WORKSPACE, wireLine: line })
    await client.workspaces.create(WORKSPACE)
    expect(await client.sandboxes.list().toArray()).toEqual([])
  })

  test('that takes the place of one of the other line gets changes in its own line, outside default', async () => {
    const before = await startDevGateway({ line: other })
    const { endpoint, port } = before
    await using client = await OpenShellClient.connect({ endpoint, workspace: WORKSPACE, retry: { baseDelayMs: 10 } })
    await client.workspaces.create(WORKSPACE)
    await client.sandboxes.create({ name: 'old' }, KEPT)
    await before.close()
    await using _after = await startDevGateway({ line, port })
    await client.workspaces.create(WORKSPACE)
    const made = await client.sandboxes.create({ name: 'new' }, KEPT)
    expect(made.info.workspace).toBe(WORKSPACE)
    expect(await client.workspace('default').sandboxes.list().toArray()).toEqual([])
    expect((await made.delete({ wait: true })).outcome).toMatch(/accepted|completed/)
  })

  test('that takes the place of one of the other line is asked for its version after the first read', async () => {
    const before = await startDevGateway({ line: other })
    const { endpoint, port } = before
    await using client = await OpenShellClient.connect({ endpoint, workspace: WORKSPACE, retry: { baseDelayMs: 10 } })
    await client.health()
    await before.close()
    await using _after = await startDevGateway({ line, port })
    expect(await failureOf(client.sandboxes.get('box'))).toMatchObject({ kind: 'wire-mismatch' })
    const error = await failureOf(client.sandboxes.get('box'))
    expect(error).toMatchObject({ kind: 'not-found' })
    expect(error.message).toContain(`workspace '${WORKSPACE}' not found`)
  })
})
