import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { request as requestTls } from 'node:https'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { createWebSocketStream, WebSocket } from 'ws'
import { startDevGateway } from '../src/index.js'
import { Setup } from './test-client.js'

interface Answer {
  readonly code: number | undefined
  readonly type: string | undefined
  readonly body: string
}

async function answerTo(sent: ReturnType<typeof request>): Promise<Answer> {
  const [response] = (await once(sent.end(), 'response')) as [IncomingMessage]
  return { code: response.statusCode, type: response.headers['content-type'], body: await text(response) }
}

const get = (port: number, path: string, headers = {}) =>
  answerTo(request({ port, host: '127.0.0.1', path, headers, agent: false }))

test('gateway-client 5: who asks for a page is told what the port speaks, over HTTP/1 and HTTP/2, with and without TLS', async () => {
  await using plain = await startDevGateway()
  await using secure = await startDevGateway({ tls: { clientCertificates: 'none' } })
  const { ca } = secure.tls ?? {}
  const answers = [
    await get(plain.port, '/healthz'),
    await answerTo(requestTls({ port: secure.port, host: '127.0.0.1', path: '/', ca, agent: false })),
  ]
  for (const [url, options] of [
    [plain.endpoint, {}],
    [secure.endpoint, { ca }],
  ] as const) {
    const session = connectHttp2(url, options)
    const stream = session.request({ ':path': '/' })
    const [headers] = await once(stream, 'response')
    answers.push({ code: headers[':status'], type: headers['content-type'], body: await text(stream) })
    session.close()
  }
  for (const { code, type, body } of answers) {
    expect([code, type]).toEqual([404, 'text/plain; charset=utf-8'])
    expect(body).toContain('this port speaks gRPC over HTTP/2')
  }
})

test('a port with TLS sends a page that is asked for without it to the right URL, and tells everybody else', async () => {
  const gateway = await startDevGateway({ tls: { clientCertificates: 'none' } })
  const { port } = gateway
  const ask = async (method: string, headers = {}) => {
    const sent = request({ port, host: '127.0.0.1', path: '/a?b', method, headers, agent: false })
    const [response] = (await once(sent.end(method === 'POST' ? 'x' : undefined), 'response')) as [IncomingMessage]
    return [response.statusCode, response.headers.location, await text(response)]
  }
  const host = `default--box.openshell.localhost:${port}`
  const url = `https://${host}/a?b`
  const told = [400, undefined, 'This port speaks TLS: write https:// in place of http:// in its URL.\n']
  expect(await ask('GET', { host })).toEqual([307, url, `This port speaks TLS: ask for ${url}\n`])
  expect(await ask('POST', { host })).toEqual(told)
  expect(await ask('GET', { host, connection: 'upgrade', upgrade: 'websocket' })).toEqual(told)
  const session = connectHttp2(`http://127.0.0.1:${port}`)
  const [headers] = await once(session.request({ ':path': '/a?b', ':authority': host }).resume(), 'response')
  expect(headers).toMatchObject({ ':status': 307, location: url })
  session.close()
  // One that never gets to shake hands does not outlive the gateway.
  const shaking = connect(port, '127.0.0.1')
  shaking.write('\x16')
  const { ca } = gateway.tls ?? {}
  await answerTo(requestTls({ port, host: '127.0.0.1', path: '/', ca, agent: false }))
  const ended = once(shaking.on('error', () => undefined).resume(), 'close')
  await gateway.close()
  await ended
})

test('supervisor 2: the key that signs tokens is there for everybody, unless the gateway signs none', async () => {
  await using setup = await Setup.start()
  const { port } = setup.gateway
  const configuration = JSON.parse((await get(port, '/.well-known/openid-configuration')).body)
  expect(configuration).toMatchObject({
    issuer: 'openshell-gateway:openshell',
    jwks_uri: `http://127.0.0.1:${port}/.well-known/jwks.json`,
  })
  const keys = JSON.parse((await get(port, '/.well-known/jwks.json')).body) as JSONWebKeySet
  expect(keys.keys).toMatchObject([{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' }])
  expect(keys.keys[0]).not.toHaveProperty('d')
  const sandbox = await setup.create()
  const token = setup.token(sandbox.metadata?.id ?? '')
  // Such a token never ends, which it says with an end of 0.
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys), { currentDate: new Date(-1) })
  expect(payload['sandbox_id']).toBe(sandbox.metadata?.id)
  await using silent = await startDevGateway({ auth: { sandboxTokens: false } })
  expect((await get(silent.port, '/.well-known/jwks.json')).code).toBe(404)
})

test.each([
  ['default--nobody.openshell.localhost', {}, 404, 'Service endpoint not found'],
  ['default--box--other.openshell.localhost:1', {}, 404, 'Service endpoint not found'],
  ['default--box--web.openshell.localhost', {}, 412, 'Sandbox is not ready'],
  [
    'default--box--web.openshell.localhost',
    { origin: 'https://evil.test' },
    403,
    'Cross-origin service request rejected',
  ],
  ['default--box--web--more.openshell.localhost', {}, 404, undefined],
  ['box.openshell.localhost', {}, 404, undefined],
])('a request for %s with %j is answered %i', async (host, headers, code, body) => {
  await using setup = await Setup.start()
  await setup.create()
  await setup.client.unary('exposeService', { sandbox: 'box', service: 'web', targetPort: 80 })
  const answer = await get(setup.gateway.port, '/', { host, ...headers })
  expect(answer).toMatchObject({ code, ...(body !== undefined && { body }) })
})

test('a supervisor that cannot reach the port of a service leaves the client a 502', async () => {
  await using setup = await Setup.start()
  const sandbox = await setup.create()
  await using supervisor = await setup.supervise(sandbox)
  await setup.client.unary('exposeService', { sandbox: 'box', service: 'web', targetPort: 80 })
  supervisor.onRelayOpen = (channelId) =>
    supervisor.send({ case: 'relayOpenResult', value: { channelId, success: false, error: 'refused' } as never })
  const host = 'default--box--web.openshell.localhost'
  expect(await get(setup.gateway.port, '/', { host })).toMatchObject({
    code: 502,
    body: 'Service endpoint is not reachable',
  })
})

test('a connection that says little, slowly, is sorted by what it says', async () => {
  await using gateway = await startDevGateway()
  const socket = connect(gateway.port, '127.0.0.1')
  for (const byte of 'GET / HTTP/1.0\r\n\r\n') socket.write(byte)
  expect(await text(socket)).toContain('404 Not Found')
  const early = connect(gateway.port, '127.0.0.1').end('PR')
  await once(early.resume(), 'close')
})

describe('a tunnel', () => {
  const dig = async (port: number) => {
    const web = new WebSocket(`ws://127.0.0.1:${port}/_ws_tunnel`, { perMessageDeflate: false })
    // Before it opens, so that it misses nothing.
    const stream = createWebSocketStream(web).on('error', () => undefined)
    await once(web, 'open')
    const session = connectHttp2('http://inside', { createConnection: () => stream })
    return { web, session: session.on('error', () => undefined) }
  }

  test('gateway-client 7: carries a connection of gRPC and of HTTP, and both end together', async () => {
    await using setup = await Setup.start()
    const { web, session } = await dig(setup.gateway.port)
    const call = session.request({
      ':method': 'POST',
      ':path': '/openshell.v1.OpenShell/Health',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    const trailers = once(call, 'trailers')
    call.resume().end(Buffer.alloc(5))
    expect((await trailers)[0]).toMatchObject({ 'grpc-status': '0' })
    const page = session.request({ ':path': '/' })
    expect(await text(page)).toContain('this port speaks gRPC over HTTP/2')
    session.close()
    await once(web, 'close')
    const second = await dig(setup.gateway.port)
    const ended = new Promise((resolve) => second.web.once('close', resolve))
    await setup.gateway.close()
    await ended
  })

  test('gateway-client 7: is not there on line 0.1 before the operator asks for it', async () => {
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket' }
    await using without = await startDevGateway({ line: '0.1' })
    expect((await get(without.port, '/_ws_tunnel', upgrade)).code).toBe(404)
    await using asked = await startDevGateway({ line: '0.1', edgeTunnel: true })
    // It lacks what makes it a handshake of web sockets.
    expect((await get(asked.port, '/_ws_tunnel', upgrade)).code).toBe(400)
    const fromPage = { ...upgrade, origin: `http://127.0.0.1:${asked.port}` }
    expect((await get(asked.port, '/_ws_tunnel', fromPage)).code).toBe(403)
    const { web, session } = await dig(asked.port)
    await once(session, 'remoteSettings')
    const closed = once(web, 'close')
    web.send(Buffer.alloc(4 * 1024 * 1024 + 1))
    // Too large to be read: nothing sensible is.
    expect((await closed)[0]).toBe(1009)
  })
})
