import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import type { Metadata } from '@grpc/grpc-js'
import { startDevGateway } from '@openshell-ts/dev-gateway'
import { describe, expect, test } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, startLineGateway, WORKSPACE } from './line-gateway.js'
import { WORDS } from './line-words.js'
import { startScriptedEdge } from './scripted-edge.js'
import { startScriptedGateway } from './scripted-gateway.js'

const pem = (name: string) => readFile(new URL(`data/tls/${name}`, import.meta.url))
const [ca, cert, key] = await Promise.all(['ca.crt', 'server.crt', 'server.key'].map(pem))
if (!ca || !cert || !key) throw new Error('A certificate is missing.')
const tls = { cert, key }

const UNASKED_SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'

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

  test.each(LINES)('takes text frames for bytes, and carries the token on every call too, on line %s', async (line) => {
    const shown: unknown[] = []
    const health = (_: unknown, { metadata }: { readonly metadata: Metadata }) => {
      const { authorization, cookie, 'cf-access-jwt-assertion': assertion } = metadata.getMap()
      shown.push([assertion, cookie, authorization])
      return { status: 1, version: WORDS[line].version }
    }
    await using gateway = await startScriptedGateway(line, { unary: { health } })
    await using edge = await startScriptedEdge(Number(new URL(gateway.endpoint).port), { text: true })
    const auth = edgeToken('edge.token')
    await using client = await OpenShellClient.connect({ endpoint: edge.endpoint, workspace: WORKSPACE, auth })
    await client.health()
    const headers = ['edge.token', 'CF_Authorization=edge.token', undefined]
    expect(shown).toEqual([headers, headers])
    expect(edge.upgrades[0]?.headers).not.toHaveProperty('authorization')
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
    [401, 'unauthenticated', 'Log in again'],
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

  test.each<[string, (socket: Socket) => void, string]>([
    ['closes the connection', (socket) => void socket.destroy(), 'unavailable'],
    ['speaks no HTTP', (socket) => void socket.end('+OK ready\r\n'), 'configuration'],
    ['accepts it wrongly', (socket) => void socket.write(UNASKED_SWITCH), 'configuration'],
  ])('that a server answers who %s fails with nothing sent', async (_, answer, kind) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => answer(socket))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const options = { endpoint, auth: edgeToken('unspeakable'), retry: { maxAttempts: 1 } }
    const error = await failureOf(OpenShellClient.connect(options))
    server.close()
    expect(error).toMatchObject({ kind, dispatched: false, retryable: kind === 'unavailable' })
    expect(inspect(error, { depth: 20 })).not.toContain('unspeakable')
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
