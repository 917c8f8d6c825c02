import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import type { ServerDuplexStream } from '@grpc/grpc-js'
import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { openSftp } from '../src/files/sftp-connection.js'
import { OpenShellClient } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { WORDS } from './line-words.js'
import { startScriptedGateway } from './scripted-gateway.js'

/** An SSH server that has no SFTP, and its host key. */
async function startSshWithoutSftp(): Promise<AsyncDisposable & { readonly port: number; readonly hostKey: Buffer }> {
  const { private: key, public: shown } = ssh2.utils.generateKeyPairSync('ed25519')
  const server = new ssh2.Server({ hostKeys: [key] }, (connection) => {
    connection.on('error', () => undefined)
    connection.on('authentication', (context) => context.accept())
    connection.on('session', (accept) => void accept().on('subsystem', (_, reject) => reject()))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    hostKey: Buffer.from(shown.split(' ')[1] ?? '', 'base64'),
    async [Symbol.asyncDispose]() {
      if (server.address() === null) return
      server.close()
      await once(server, 'close')
    },
  }
}

test('an SSH server without SFTP is told from one with another host key, and from one that cannot be reached', async () => {
  await using server = await startSshWithoutSftp()
  const open = (hostKeyFingerprint?: string) =>
    openSftp(Object.assign(connect(server.port, '127.0.0.1'), { hostKeyFingerprint }))
  expect(await open()).toBeUndefined()
  expect(await open(`SHA256:${createHash('sha256').update(server.hostKey).digest('base64')}`)).toBeUndefined()
  const other = await failureOf(open(`SHA256:${createHash('sha256').update('another key').digest('base64')}`))
  expect(other).toMatchObject({ kind: 'internal', message: expect.stringContaining('another host key') })
  await server[Symbol.asyncDispose]()
  expect(await failureOf(open())).toMatchObject({ kind: 'unavailable' })
})

type ForwardFrame = { readonly payload: { readonly case: string; readonly value: Buffer } }

/** Carries a forward to a local port. */
function relay(call: ServerDuplexStream<ForwardFrame, ForwardFrame>, port: number): void {
  const socket = connect(port, '127.0.0.1')
  for (const end of [socket, call]) end.on('error', () => undefined)
  call.on('data', ({ payload }: ForwardFrame) => {
    if (payload.case === 'data') socket.write(payload.value)
  })
  call.on('end', () => socket.end())
  call.on('cancelled', () => socket.destroy())
  socket.on('data', (value) => call.write({ payload: { case: 'data', value } }))
  socket.on('close', () => call.end())
}

test.each(LINES)('on line %s, a sandbox without SFTP is asked for it once', async (line) => {
  await using server = await startSshWithoutSftp()
  const session = { sandboxId: 'id-1', token: 'a-token', gatewayHost: '127.0.0.1', gatewayPort: 1 }
  const asked: (string | undefined)[][] = []
  await using gateway = await startScriptedGateway(line, {
    unary: {
      getSandbox: () => WORDS[line].sandboxReply(),
      createSshSession: () => ({ ...session, gatewayScheme: 'http' }),
      // Each line reads its own field.
      revokeSshSession: () => ({ revoked: true, outcome: 1 }),
    },
    stream: {
      forwardTcp: (_, call) => relay(call as never, server.port),
      execSandbox: ({ command }: { readonly command: readonly string[] }, call) => {
        asked.push([command[0], command.at(-1)])
        call.write({ payload: { case: 'stdout', value: { data: Buffer.from('by its programs') } } })
        call.write({ payload: { case: 'exit', value: { exitCode: 0 } } })
        call.end()
      },
    },
  })
  await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
  const { files } = await client.sandboxes.get('box')
  for (const path of ['one', 'two']) expect(await files.read(path, { format: 'text' })).toBe('by its programs')
  expect(asked).toEqual([
    ['sh', 'one'],
    ['sh', 'two'],
  ])
  expect(gateway.calls.filter((call) => call === 'forwardTcp')).toHaveLength(1)
})
