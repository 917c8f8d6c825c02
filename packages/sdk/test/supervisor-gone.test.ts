import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../src/index.js'
import { type DevStack, startDevStack } from './dev-stack.js'
import { failureOf } from './failure-of.js'

// The supervisor ends while it serves: its process has gone, or the compute below it.
describe.each(['0.0', '0.1'] as const)('on line %s, a supervisor that goes away ends', (line) => {
  let stack: DevStack
  let sandbox: Sandbox
  beforeEach(async () => {
    stack = await startDevStack({ line })
    sandbox = await stack.client.sandboxes.create({ name: 'box', command: ['sleep', 'infinity'] })
  })
  afterEach(() => stack[Symbol.asyncDispose]())

  const endSupervisor = async () => {
    await stack.supervisors.get('box')?.stop({ graceMs: 0 })
  }

  test('a command with what it has printed and an unknown result', async () => {
    const running = sandbox.commands.run(['sh', '-c', 'echo begun; sleep 600'], { onStdout: endSupervisor })
    expect(await failureOf(running)).toMatchObject({
      kind: 'exec-result-unknown',
      stdout: new TextEncoder().encode('begun\n'),
    })
  })

  test('a connection to a port', async () => {
    const server: Server = createServer((socket) => void socket.on('error', () => undefined).write('hello'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const connection = await sandbox.ports.connect({ targetPort: (server.address() as AddressInfo).port })
    await once(connection, 'data')
    const failed = new Promise((resolve) => connection.once('error', resolve))
    await endSupervisor()
    expect(await failed).toMatchObject({ message: 'The sandbox has closed the connection.' })
    server.close()
  })
})
