import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
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

test('a socket that nobody serves is named', async () => {
  const endpoint = `unix:${join(await temporaryFolder(), 'gone.sock')}`
  const error = await failureOf(OpenShellClient.connect({ endpoint, retry: { maxAttempts: 1 } }))
  expect(error).toMatchObject({ kind: 'unavailable', dispatched: false })
  expect(error.message).toContain(endpoint)
})
