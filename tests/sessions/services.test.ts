import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { request as requestTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { createSimulatedDriver, startDevGateway } from '@openshell-ts/dev-gateway'
import { supervise } from '@openshell-ts/dev-supervisor'
import { OpenShellClient } from '@openshell-ts/sdk'
import { expect, test } from 'vitest'

/** A service that says what it was asked, sends bodies back, and speaks on after an upgrade. */
async function startService() {
  const server = createServer(async (asked, response) => {
    if (asked.method === 'POST') {
      response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'] }).end(await buffer(asked))
      return
    }
    response.end(JSON.stringify({ url: asked.url, headers: asked.headers }))
  })
  server.on('upgrade', (_asked, socket: Duplex, head: Buffer) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n')
    socket.write(head)
    socket.on('error', () => undefined)
    socket.pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The files of a client in a folder. */
const tlsFiles = (folder: string) => ({
  caFile: join(folder, 'ca.crt'),
  certificateFile: join(folder, 'tls.crt'),
  keyFile: join(folder, 'tls.key'),
})

test.each(['http', 'https'] as const)(
  'the %s URL of a service leads into its sandbox, and nothing that proves the caller to the gateway goes along',
  async (scheme) => {
    const workdir = await mkdtemp(join(tmpdir(), 'svc-'))
    const driver = createSimulatedDriver({
      startSandbox: ({ endpoint, sandboxId, token }) =>
        supervise({
          ...{ endpoint, sandboxId, token: { token }, workdir, stopGraceMs: 0 },
          ...(scheme === 'https' && { tls: tlsFiles(join(workdir, 'tls', 'client')) }),
          mainProcess: { command: ['sleep', '1000'], tty: false },
        }),
    })
    {
      await using service = await startService()
      const tls = scheme === 'https' ? { tls: { directory: join(workdir, 'tls') } } : {}
      await using gateway = await startDevGateway({ drivers: [driver], ...tls })
      const own = gateway.tls ?? {}
      const { endpoint } = gateway
      await using client = await OpenShellClient.connect({ endpoint, workspace: 'team-a', tls: own })
      await client.workspaces.create('team-a')
      const sandbox = await client.sandboxes.create({ name: 'box' })
      const { url } = await sandbox.services.expose({ name: 'web', targetPort: service.port })
      expect(new URL(url).protocol).toBe(`${scheme}:`)
      // Its name need not be known here; the certificate is good for it all the same.
      const secured = { ...own, servername: new URL(url).hostname }
      const ask = (options: object = {}) =>
        (scheme === 'https' ? requestTls : request)({
          ...{ host: '127.0.0.1', port: gateway.port, path: '/a?b=c', agent: false, ...secured },
          ...options,
          headers: { host: new URL(url).host, ...Reflect.get(options, 'headers') },
        })
      const answerTo = async (sent: ReturnType<typeof request>, body?: Buffer) =>
        ((await once(sent.end(body), 'response')) as [IncomingMessage])[0]

      const headers = { authorization: 'Bearer mine', cookie: 'CF_Authorization=x; theirs=1', 'x-more': 'yes' }
      const seen = JSON.parse(await text(await answerTo(ask({ headers }))))
      expect(seen.url).toBe('/a?b=c')
      expect(seen.headers).toMatchObject({ host: `127.0.0.1:${service.port}`, cookie: 'theirs=1', 'x-more': 'yes' })
      expect(seen.headers).not.toHaveProperty('authorization')

      const session = connectHttp2(endpoint, secured)
      const stream = session.request({ ':path': '/over-http2', ':authority': new URL(url).host })
      expect(JSON.parse(await text(stream)).url).toBe('/over-http2')
      session.close()

      const large = Buffer.alloc(3_000_000, 7)
      const posted = await answerTo(ask({ method: 'POST', path: '/' }), large)
      expect([posted.statusCode, posted.headers['set-cookie']]).toEqual([201, ['a=1', 'b=2']])
      expect((await buffer(posted)).equals(large)).toBe(true)

      const upgrading = ask({ headers: { connection: 'Upgrade', upgrade: 'echo' } }).end()
      const [agreed, socket] = (await once(upgrading, 'upgrade')) as [IncomingMessage, Duplex]
      expect(agreed.headers['upgrade']).toBe('echo')
      socket.write('hello')
      expect(String((await once(socket, 'data'))[0])).toBe('hello')
      socket.destroy()
    }
    await rm(workdir, { recursive: true })
  },
)
