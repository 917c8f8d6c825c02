import { type Duplex, duplexPair } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import ssh2, { type ServerChannel } from 'ssh2'
import { expect, test } from 'vitest'
import { runExec } from './exec-run.js'

const CHUNKS = 200
const CHUNK_BYTES = 4096

test('delivers all of stderr beside a busy stdout, also what is left when the channel closes', async () => {
  const received = { stdout: 0, stderr: 0 }
  const exitCode = await runExec({
    relay: startSshServer((channel) => {
      for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
        channel.stderr.write(Buffer.alloc(CHUNK_BYTES))
        channel.write(Buffer.alloc(CHUNK_BYTES))
      }
      channel.exit(7)
      channel.end()
    }),
    line: 'anything',
    timeoutMs: 0,
    feed: () => {},
    onOutput: async ({ type, bytes }) => {
      received[type] += bytes.length
      await setImmediate()
    },
  })
  expect(received).toEqual({ stdout: CHUNKS * CHUNK_BYTES, stderr: CHUNKS * CHUNK_BYTES })
  expect(exitCode).toBe(7)
})

/** Serves one SSH connection whose commands all do the same, and returns the client's end of it. */
function startSshServer(run: (channel: ServerChannel) => void): Duplex {
  const [near, far] = duplexPair()
  const server = new ssh2.Server({ hostKeys: [ssh2.utils.generateKeyPairSync('ed25519').private] })
  server.on('connection', (connection) => {
    connection.on('authentication', (context) => context.accept())
    connection.on('session', (accept) => accept().on('exec', (acceptExec) => run(acceptExec())))
    connection.on('end', () => far.destroy())
    connection.on('error', () => far.destroy())
  })
  server.injectSocket(far as Parameters<typeof server.injectSocket>[0])
  return near
}
