import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ExecStore } from '../src/files/exec-store.js'
import { OpenShellClient } from '../src/index.js'
import { type DevStack, startDevStack, WORKSPACE } from './dev-stack.js'
import { failureOf } from './failure-of.js'

const NEVER = new AbortController().signal

/** Listens in front of a gateway and counts what it answers. */
async function startCounter(
  gatewayPort: number,
): Promise<AsyncDisposable & { readonly port: number; bytes(): number }> {
  let bytes = 0
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const upstream = connect(gatewayPort, '127.0.0.1')
    for (const end of [socket, upstream]) {
      sockets.add(end)
      end.on('error', () => undefined)
    }
    upstream.on('data', (chunk) => {
      bytes += chunk.length
    })
    socket.pipe(upstream).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

describe.each(['0.0', '0.1'] as const)('on line %s, a large file', (line) => {
  let stack: DevStack
  beforeAll(async () => {
    stack = await startDevStack({ line })
    const sandbox = await stack.client.sandboxes.create({ name: 'box', command: ['sleep', 'infinity'] })
    await sandbox.commands.run(['truncate', '-s', '64M', 'large'])
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('is not sent faster than it is read', async () => {
    await using counter = await startCounter(stack.gateway.port)
    const endpoint = `http://127.0.0.1:${counter.port}`
    await using client = await OpenShellClient.connect({ endpoint, workspace: WORKSPACE })
    const { files, commands } = await client.sandboxes.get('box')
    for (const way of [files.read('large', { format: 'stream' }), new ExecStore(commands).read('large', NEVER)]) {
      const before = counter.bytes()
      const reading = way[Symbol.asyncIterator]()
      await reading.next()
      // It is held back when nothing but the answers to these calls comes any more.
      let seen = before - 1_000_000
      while (counter.bytes() - seen > 64 * 1024) {
        seen = counter.bytes()
        await commands.run(['true'])
      }
      expect(seen - before).toBeLessThan(8 * 1024 * 1024)
      await reading.return?.()
    }
  })

  test('that breaks off is an error of which nothing stays, and the next one comes over a new connection', async () => {
    const { files } = await stack.client.sandboxes.get('box')
    const folder = await mkdtemp(join(tmpdir(), 'files-'))
    const target = join(folder, 'large')
    using fault = stack.gateway.faults.add({ rpc: 'ForwardTcp', effect: 'end-early', messages: 200, times: 1 })
    expect(await failureOf(files.download('large', target))).toMatchObject({ kind: 'unavailable', retryable: true })
    expect([fault.hits, await readdir(folder)]).toEqual([1, []])
    await files.write('small', 'after that')
    await files.download('small', target)
    expect(await readFile(target, 'utf8')).toBe('after that')
    await rm(folder, { recursive: true })
  })

  test('on a disk that is full is told apart', async () => {
    const { commands } = await stack.client.sandboxes.get('box')
    const writing = new ExecStore(commands).write('/dev/full', Readable.from([Buffer.alloc(10)]), 0o666, NEVER)
    expect(await failureOf(writing)).toMatchObject({ kind: 'resource-exhausted', reason: 'ENOSPC', path: '/dev/full' })
  })
})
