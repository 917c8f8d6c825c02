import { mkdtemp, rename, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { startScriptedGateway } from './scripted-gateway.js'

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sdk-unix-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('a gateway behind a Unix socket is reached by both ways to write it, with a host for its authority', async () => {
  const authorities: string[] = []
  await using gateway = await startScriptedGateway('0.1', {
    unary: {
      health: (_, call) => {
        authorities.push(call.getHost())
        return { status: 1, version: '0.1.5' }
      },
    },
  })
  const path = join(await temporaryFolder(), 'gateway.sock')
  const port = Number(new URL(gateway.endpoint).port)
  const front = createServer((socket) => {
    const upstream = connect(port, '127.0.0.1')
    for (const end of [socket, upstream]) end.on('error', () => undefined)
    socket.pipe(upstream).pipe(socket)
  })
  await new Promise<void>((resolve) => front.listen(path, resolve))
  for (const endpoint of [`unix:${path}`, `unix://${path}`]) {
    // A token stays on this machine.
    const auth = { type: 'bearer', token: 'local' } as const
    await using client = await OpenShellClient.connect({ endpoint, auth })
    expect((await client.health()).status).toBe('healthy')
  }
  expect(new Set(authorities)).toEqual(new Set(['localhost:80']))
  await new Promise((resolve) => front.close(resolve))
})

test.each<[string, string, (path: string) => Promise<Server | undefined>]>([
  ['is not there', 'unavailable', async () => undefined],
  ['nobody serves any more', 'unavailable', leaveSocket],
  ['is served by one that says nothing', 'timeout', (path) => serve(path, () => undefined)],
  ['is served by one that hangs up', 'unavailable', (path) => serve(path, (socket) => socket.destroy())],
])('a socket that %s is named, and told in time as %s', async (_, kind, prepare) => {
  const path = join(await temporaryFolder(), 'gateway.sock')
  const server = await prepare(path)
  const options = { requestTimeoutMs: kind === 'timeout' ? 100 : 20_000, retry: { maxAttempts: 1 } }
  const error = await failureOf(OpenShellClient.connect({ endpoint: `unix:${path}`, ...options }))
  server?.close()
  expect(error).toMatchObject({ kind, rpc: 'Health', attempts: 1 })
  if (kind === 'unavailable') expect(error.message).toContain(`unix:${path}`)
})

async function serve(path: string, onSocket: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => onSocket(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return server
}

/** Leaves a socket behind that nobody listens on, as a process that was killed does. */
async function leaveSocket(path: string): Promise<undefined> {
  const server = await serve(`${path}.old`, () => undefined)
  await rename(`${path}.old`, path)
  await new Promise((resolve) => server.close(resolve))
}
