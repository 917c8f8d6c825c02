import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startSandbox } from './sandbox.js'

async function listen(onSocket: (socket: Socket) => void): Promise<Server & AsyncDisposable> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(server, {
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  })
}

function target(server: Server, host: string) {
  return { case: 'tcp' as const, value: { host, port: (server.address() as AddressInfo).port } }
}

test('a relay without a target is an SSH relay', async () => {
  await using sandbox = await startSandbox()
  const relay = await sandbox.gateway.openRelay({ case: undefined })
  const [greeting] = await once(relay, 'data')
  expect(String(greeting)).toMatch(/^SSH-2\.0-/)
})

test("a tcp relay moves bytes both ways, and the target's end ends it", async () => {
  await using sandbox = await startSandbox()
  await using server = await listen((socket) => {
    socket.once('data', (bytes) => socket.end(`answer to ${bytes}`))
  })
  const relay = await sandbox.gateway.openRelay(target(server, ' LocalHost '))
  relay.write('question')
  expect((await buffer(relay)).toString()).toBe('answer to question')
})

test("the gateway's end reaches the target as an end", async () => {
  await using sandbox = await startSandbox()
  await using server = await listen((socket) => server.emit('accepted', socket))
  const accepted = once(server, 'accepted')
  const relay = await sandbox.gateway.openRelay(target(server, '127.0.0.1'))
  relay.end('all of it')
  const [socket] = await accepted
  let received = ''
  socket.on('data', (bytes: Buffer) => {
    received += bytes
  })
  await once(socket, 'end')
  expect(received).toBe('all of it')
  // The gateway has ended the call: the answer has nowhere to go, and both connections end.
  socket.end('too late')
  await once(socket, 'close')
})

test('32 MiB pass a tcp relay unchanged in each direction', async () => {
  await using sandbox = await startSandbox()
  await using server = await listen((socket) => socket.pipe(socket))
  const relay = await sandbox.gateway.openRelay(target(server, '127.0.0.1'))
  const block = Buffer.from(Array.from({ length: 65_536 }, (_, index) => index % 251))
  let received = 0
  let wrong = 0
  relay.on('data', (bytes: Buffer) => {
    for (const byte of bytes) if (byte !== (received++ % 65_536) % 251) wrong += 1
  })
  for (let count = 0; count < 512; count += 1) {
    if (!relay.write(block)) await once(relay, 'drain')
  }
  while (received < 512 * 65_536) await once(relay, 'data')
  expect({ received, wrong }).toEqual({ received: 512 * 65_536, wrong: 0 })
})

test('a target that does not read holds the gateway back', async () => {
  await using sandbox = await startSandbox()
  await using server = await listen((socket) => server.emit('accepted', socket.pause()))
  const accepted = once(server, 'accepted')
  const relay = await sandbox.gateway.openRelay(target(server, '127.0.0.1'))
  const block = Buffer.alloc(1024 * 1024)
  let taken = 0
  for (let count = 0; count < 96; count += 1) {
    relay.write(block, () => {
      taken += 1
    })
  }
  const ssh = await sandbox.gateway.openSsh()
  for (let turn = 0; turn < 10; turn += 1) await ssh.run('true')
  expect(taken).toBeLessThan(48)
  const [socket] = await accepted
  let received = 0
  socket.on('data', (bytes: Buffer) => {
    received += bytes.length
  })
  socket.resume()
  while (received < 96 * block.length) await once(socket, 'data')
  expect(received).toBe(96 * block.length)
})

test('a target that breaks ends the relay', async () => {
  await using sandbox = await startSandbox()
  await using server = await listen((socket) => {
    socket.once('data', () => socket.resetAndDestroy())
  })
  const relay = await sandbox.gateway.openRelay(target(server, '127.0.0.1'))
  const closed = once(relay, 'close')
  relay.resume()
  relay.write('break')
  await closed
})

test('targets that are not loopback, or not there, are refused with a reason', async () => {
  await using sandbox = await startSandbox()
  const ask = async (host: string, port: number) =>
    sandbox.gateway.askRelay({ case: 'tcp', value: { host, port } }).then(({ success, error }) => ({ success, error }))
  expect(await ask('10.0.0.1', 80)).toEqual({ success: false, error: 'tcp target host must be loopback' })
  expect(await ask('example.com', 80)).toEqual({
    success: false,
    error: 'tcp target host must be an IP address or localhost',
  })
  expect(await ask('127.0.0.1', 0)).toEqual({
    success: false,
    error: 'tcp target port must be between 1 and 65535',
  })
  expect(await ask('127.0.0.1', 1)).toMatchObject({ success: false, error: expect.stringContaining('ECONNREFUSED') })
})

test('an SSH client reaches a loopback port, and no other', async () => {
  await using sandbox = await startSandbox()
  await using server = await listen((socket) => {
    socket.once('data', (bytes) => socket.end(`answer to ${bytes}`))
  })
  const ssh = await sandbox.gateway.openSsh()
  const { port } = server.address() as AddressInfo
  const channel = await ssh.forward('localhost', port)
  channel.write('question')
  expect((await buffer(channel)).toString()).toBe('answer to question')
  await expect(ssh.forward('192.0.2.1', port)).rejects.toThrow('Channel open failure')
})
