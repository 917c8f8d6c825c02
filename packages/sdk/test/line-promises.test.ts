import { createSimulatedDriver, type FaultCode } from '@openshell-ts/dev-gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ErrorKind, OpenShellClient, type SandboxProgress } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { startHeaderRecorder } from './header-recorder.js'
import { LINES, type LineGateway, startLineGateway, WORKSPACE } from './line-gateway.js'

const KINDS: Readonly<Partial<Record<FaultCode, ErrorKind>>> = {
  CANCELLED: 'unavailable',
  UNKNOWN: 'internal',
  INVALID_ARGUMENT: 'invalid-argument',
  DEADLINE_EXCEEDED: 'timeout',
  NOT_FOUND: 'not-found',
  ALREADY_EXISTS: 'already-exists',
  PERMISSION_DENIED: 'permission-denied',
  RESOURCE_EXHAUSTED: 'resource-exhausted',
  FAILED_PRECONDITION: 'failed-precondition',
  ABORTED: 'conflict',
  OUT_OF_RANGE: 'invalid-argument',
  UNIMPLEMENTED: 'unsupported',
  INTERNAL: 'internal',
  UNAVAILABLE: 'unavailable',
  DATA_LOSS: 'internal',
  UNAUTHENTICATED: 'unauthenticated',
}

describe.each(LINES)('on line %s', (line) => {
  const driver = createSimulatedDriver()
  let stack: LineGateway
  beforeAll(async () => {
    const connect = { retry: { maxAttempts: 1, baseDelayMs: 1 } }
    stack = await startLineGateway(line, { gateway: { drivers: [driver] }, connect })
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('every code of the gateway keeps its kind', async () => {
    const found: Record<string, ErrorKind> = {}
    for (const code of Object.keys(KINDS) as FaultCode[]) {
      using _fault = stack.gateway.faults.add({ rpc: 'ListSandboxes', effect: 'status', code })
      const error = await failureOf(stack.client.sandboxes.list().toArray())
      expect(error.code).toBe(code)
      found[code] = error.kind
    }
    expect(found).toEqual(KINDS)
  })

  test('a GPU without a number is read back as one, and a number as that number', async () => {
    for (const [name, gpu] of [
      ['any', true],
      ['two', { count: 2 }],
    ] as const) {
      await using _ = await stack.client.sandboxes.create({ name, gpu }, { waitReady: false })
      expect((await stack.client.sandboxes.get(name)).info.spec.gpu).toEqual(gpu)
    }
  })

  test('a command has no time limit but the one of timeoutMs', async () => {
    await using recorder = await startHeaderRecorder(stack.gateway.endpoint)
    await using client = await OpenShellClient.connect({
      endpoint: recorder.endpoint,
      workspace: WORKSPACE,
      retry: { maxAttempts: 1 },
    })
    await using _ = await stack.client.sandboxes.create({ name: 'limits' })
    const { commands } = await client.sandboxes.get('limits')
    // Nothing runs in a simulated sandbox; how the call is sent is what counts.
    await failureOf(commands.run(['true']))
    await failureOf(commands.run(['true'], { timeoutMs: 1_000 }))
    await failureOf((await commands.interactive(['true'])).wait())
    await failureOf((await commands.interactive(['true'], { timeoutMs: 1_000 })).wait())
    const limitsOf = (rpc: string) =>
      recorder.headers
        .filter((headers) => headers[':path']?.endsWith(`/${rpc}`))
        .map((headers) => headers['grpc-timeout'])
    const limits = [undefined, expect.stringMatching(/^\d+m$/)]
    expect(limitsOf('ExecSandbox')).toEqual(limits)
    expect(limitsOf('ExecSandboxInteractive')).toEqual(limits)
  })

  test('a wait survives a watch that breaks and a look that fails', async () => {
    await using sandbox = await stack.client.sandboxes.create({ name: 'waited', command: ['true'] })
    using broken = stack.gateway.faults.add({ rpc: 'WatchSandbox', effect: 'status', code: 'UNAVAILABLE', times: 2 })
    using unlooked = stack.gateway.faults.add({ rpc: 'GetSandbox', effect: 'status', code: 'UNAVAILABLE', times: 1 })
    const connection: (string | undefined)[] = []
    const onProgress = ({ connectionError }: SandboxProgress) => void connection.push(connectionError?.kind)
    const completed = sandbox.waitCompleted({ timeoutMs: 15_000, onProgress })
    driver.exitMainProcess(sandbox.id, 3)
    expect((await completed).exitCode).toBe(3)
    expect([broken.hits, unlooked.hits]).toEqual([2, 1])
    expect(connection.slice(0, 2)).toEqual(['unavailable', undefined])
  })
})
