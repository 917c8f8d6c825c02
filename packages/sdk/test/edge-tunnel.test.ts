import { readFile } from 'node:fs/promises'
import { startDevGateway } from '@openshell-ts/dev-gateway'
import { describe, expect, test } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, startLineGateway, WORKSPACE } from './line-gateway.js'
import { startScriptedEdge } from './scripted-edge.js'

const pem = (name: string) => readFile(new URL(`data/tls/${name}`, import.meta.url))
const [ca, cert, key] = await Promise.all(['ca.crt', 'server.crt', 'server.key'].map(pem))
if (!ca || !cert || !key) throw new Error('A certificate is missing.')
const tls = { cert, key }

const edgeToken = (token: string) => ({ type: 'edge', tunnel: true, token }) as const

describe('a tunnel through an edge', () => {
  test.each(
    LINES.flatMap(
      (line) =>
        [
          [line, false],
          [line, true],
        ] as const,
    ),
  )('carries calls and streams of line %s over one WebSocket (https: %s)', async (line, secure) => {
    await using stack = await startLineGateway(line)
    await using edge = await startScriptedEdge(stack.gateway.port, secure ? { tls } : {})
    const auth = edgeToken('edge.token')
    const options = { endpoint: edge.endpoint, workspace: WORKSPACE, auth, ...(secure && { tls: { ca } }) }
    await using client = await OpenShellClient.connect(options)
    await using sandbox = await client.sandboxes.create({ name: 'box' })
    expect(await sandbox.refresh()).toMatchObject({ phase: 'ready' })
    await Promise.all([client.whoami(), client.health(), client.gatewayInfo()])
    expect(edge.upgrades).toEqual([
      {
        path: '/_ws_tunnel',
        headers: expect.objectContaining({
          'cf-access-token': 'edge.token',
          'cf-access-jwt-assertion': 'edge.token',
          cookie: 'CF_Authorization=edge.token',
        }),
      },
    ])
    expect(edge.upgrades[0]?.headers).not.toHaveProperty('sec-websocket-extensions')
  })

  test('is dug again after it was lost, with the token of that time', async () => {
    await using gateway = await startDevGateway()
    await using edge = await startScriptedEdge(gateway.port, {})
    let token = 'first'
    const auth = { type: 'edge', tunnel: true, getToken: () => token } as const
    await using client = await OpenShellClient.connect({ endpoint: edge.endpoint, workspace: WORKSPACE, auth })
    token = 'second'
    edge.dropTunnels()
    await client.whoami()
    expect(edge.upgrades.map(({ headers }) => headers['cf-access-token'])).toEqual(['first', 'second'])
  })

  test('is asked for with a newer token when the edge refuses the one it has', async () => {
    await using gateway = await startDevGateway()
    await using edge = await startScriptedEdge(gateway.port, { statusOf: (shown) => (shown === 'new' ? 101 : 403) })
    let token = 'old'
    const getToken = ({ forceRefresh }: { forceRefresh: boolean }) => {
      if (forceRefresh) token = 'new'
      return token
    }
    const auth = { type: 'edge', tunnel: true, getToken } as const
    await using client = await OpenShellClient.connect({ endpoint: edge.endpoint, workspace: WORKSPACE, auth })
    expect((await client.health()).status).toBe('healthy')
  })

  test.each([
    [302, 'unauthenticated', 'Log in again'],
    [403, 'unauthenticated', 'Log in again'],
    [404, 'configuration', 'no tunnel'],
    [502, 'unavailable', ''],
  ])('that is refused with HTTP %i fails with kind %s', async (status, kind, hint) => {
    await using gateway = await startDevGateway()
    await using edge = await startScriptedEdge(gateway.port, { statusOf: () => status })
    const options = {
      endpoint: edge.endpoint,
      auth: edgeToken('unspeakable'),
      retry: { maxAttempts: 2, baseDelayMs: 1 },
    }
    const error = await failureOf(OpenShellClient.connect(options))
    expect(error).toMatchObject({ kind, dispatched: false })
    expect(error.hint ?? '').toContain(hint)
    expect(edge.upgrades).toHaveLength(status === 502 ? 2 : 1)
  })

  test('ends with its client at any moment', async () => {
    await using gateway = await startDevGateway()
    await using edge = await startScriptedEdge(gateway.port, {})
    const auth = edgeToken('edge.token')
    const options = { endpoint: edge.endpoint, workspace: WORKSPACE, auth, retry: { maxAttempts: 1 } }
    const kinds = new Set<string>()
    for (let round = 0; round < 30; round += 1) {
      const client = await OpenShellClient.connect(options)
      edge.dropTunnels()
      const call = failureOf(client.whoami()).catch(() => ({ kind: 'done' }))
      for (let turn = 0; turn < round; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      await client.close()
      kinds.add((await call).kind)
      expect(await failureOf(client.health())).toMatchObject({ kind: 'closed' })
    }
    expect(kinds).toContain('closed')
    expect([...kinds].filter((kind) => !['closed', 'unavailable', 'done'].includes(kind))).toEqual([])
  })
})
