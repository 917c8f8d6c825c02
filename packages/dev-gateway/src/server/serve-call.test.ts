import { once } from 'node:events'
import { connect } from 'node:net'
import { create } from '@bufbuild/protobuf'
import { credentials, ServerCredentials, status } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { ExecSandboxInputSchema, OpenShell } from '@openshell-ts/protocol/v0-0'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Authenticator } from '../auth/authenticator.js'
import { CallGate } from '../auth/call-gate.js'
import { WorkspaceAuthorizer } from '../auth/workspace-authorizer.js'
import { type GrpcListener, listenGrpc, serveService } from './grpc-listener.js'

const nowhere = () => undefined
const gate = new CallGate(
  new Authenticator({ tokens: undefined, users: undefined, certificateUsers: false, allowUnauthenticatedUsers: true }),
  new WorkspaceAuthorizer({
    roleIn: nowhere,
    workspaceExists: () => true,
    workspaceOfSandbox: nowhere,
    sandboxOfSshSession: nowhere,
  }),
)
const secret = new TypeError('a secret of the inside')

const service = serveService(OpenShell, {
  health: () => {
    throw secret
  },
  getSandbox: () => Promise.reject(secret),
  listSandboxes: () => Promise.reject('a secret that is no error'),
  getWorkspace: () => ({ workspace: { metadata: { createdAtMs: 2n ** 70n } } }),
  watchSandbox: async (_request, _context, responses) => {
    await responses.send({ payload: { case: 'warning', value: { message: 'first' } } })
    throw secret
  },
  execSandboxInteractive: async (requests) => {
    await requests.next()
    throw secret
  },
})

let listener: GrpcListener
let client: GrpcServiceClient<typeof OpenShell>
let logged: string[] = []
beforeAll(async () => {
  const logger = pino({ level: 'error' }, { write: (line: string) => logged.push(line) })
  listener = await listenGrpc([service], 0, {
    credentials: ServerCredentials.createInsecure(),
    keepaliveMs: 100,
    gate,
    explain: (error) => error,
    logger,
  })
  client = new GrpcServiceClient(OpenShell, `127.0.0.1:${listener.port}`, credentials.createInsecure())
})
afterAll(() => {
  client.close()
  listener.close()
})
beforeEach(() => {
  logged = []
})

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _message of stream) {
    // Its end is what matters.
  }
}

test.each<[string, () => Promise<unknown>, string]>([
  ['throws', () => client.unary('health', {}), 'Health'],
  ['rejects', () => client.unary('getSandbox', {}), 'GetSandbox'],
  ['rejects with something that is no error', () => client.unary('listSandboxes', {}), 'ListSandboxes'],
  ['answers what cannot be encoded', () => client.unary('getWorkspace', {}), 'GetWorkspace'],
  ['throws behind a first answer', () => drain(client.serverStream('watchSandbox', {})), 'WatchSandbox'],
  [
    'throws behind a first request',
    () => {
      const stream = client.bidiStream('execSandboxInteractive')
      stream.write(create(ExecSandboxInputSchema, { payload: { case: 'stdin', value: new Uint8Array(1) } }))
      return drain(stream)
    },
    'ExecSandboxInteractive',
  ],
])('a handler that %s ends its call with INTERNAL and a log line, and nothing else', async (_name, call, method) => {
  const error = await call().then(() => undefined, Object)
  expect(error).toMatchObject({
    code: status.INTERNAL,
    details: `${method} failed unexpectedly; the gateway's log has the reason`,
  })
  expect(logged).toHaveLength(1)
  expect(JSON.parse(logged[0] ?? '')).toMatchObject({ level: 50, method })
})

// The preface of HTTP/2 and empty settings, and then data of a stream that does not exist.
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const settings = Buffer.from('000000040000000000', 'hex')
const broken = Buffer.from('000009000000000001000000000000000000', 'hex')

test.each([
  ['says nothing', Buffer.alloc(0)],
  ['answers no ping', Buffer.concat([preface, settings])],
  ['stays after it was sent away', Buffer.concat([preface, settings, broken])],
])('a connection that %s is cut', async (_name, bytes) => {
  const socket = connect({ port: listener.port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined).resume()
  socket.write(bytes)
  await once(socket, 'end')
  socket.destroy()
})
