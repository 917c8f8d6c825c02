import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import ssh2, { type ClientChannel, type ServerChannel } from 'ssh2'
import { expect, onTestFinished, test } from 'vitest'
import { generateHostKey } from '../../test/host-key.js'
import { runExec, timeoutExitCode } from './exec-run.js'

const CHUNKS = 200
const CHUNK_BYTES = 4096

test('delivers what is left of stderr when the channel closes', async () => {
  const relay = await connectToSshServer((channel) => {
    for (let chunk = 0; chunk < CHUNKS; chunk += 1) channel.stderr.write(Buffer.alloc(CHUNK_BYTES))
    channel.write('done')
    channel.exit(7)
    channel.close()
  })
  const received = { stdout: 0, stderr: 0 }
  const exitCode = await runExec({
    relay,
    line: 'anything',
    timeoutMs: 0,
    feed: (channel) => channel.end(),
    onOutput: async ({ type, bytes }) => {
      received[type] += bytes.length
      // The first chunk holds everything up, so that all the rest waits in the channel; the others take longer than a goodbye.
      while (relay.bytesRead < CHUNKS * CHUNK_BYTES) await setImmediate()
      for (let turn = 0; turn < 20; turn += 1) await setImmediate()
    },
  })
  expect(received).toEqual({ stdout: 4, stderr: CHUNKS * CHUNK_BYTES })
  expect(exitCode).toBe(7)
})

test.each([2_592_000_000, Number.POSITIVE_INFINITY])('a time of %d ms is not over at once', async (timeoutMs) => {
  const relay = await connectToSshServer((channel) => {
    channel.exit(7)
    channel.end()
  })
  const feed = (channel: ClientChannel) => channel.end()
  expect(await runExec({ relay, line: 'anything', timeoutMs, feed, onOutput: async () => undefined })).toBe(7)
})

test('a command whose time is up is left, also when nothing answers at the other end any more', async () => {
  const relay = await connectToSshServer((_channel, socket) => socket.removeAllListeners())
  const feed = (channel: ClientChannel) => channel.end()
  const running = runExec({ relay, line: 'anything', timeoutMs: 400, feed, onOutput: async () => undefined })
  expect(await running).toBe(timeoutExitCode)
})

/** A connection to an SSH server whose commands all do the same. */
async function connectToSshServer(run: (channel: ServerChannel, socket: Socket) => void): Promise<Socket> {
  const hostKeys = [generateHostKey()]
  // A side that ends leaves the other one open, until the SSH server closes it.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const ssh = new ssh2.Server({ hostKeys }, (connection) => {
      connection.on('authentication', (context) => context.accept())
      connection.on('session', (accept) => accept().on('exec', (acceptExec) => run(acceptExec(), socket)))
      connection.on('error', () => {})
    })
    ssh.injectSocket(socket)
    onTestFinished(() => void socket.destroy())
  })
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return connect(port, '127.0.0.1')
}
