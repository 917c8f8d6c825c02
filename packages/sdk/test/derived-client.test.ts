import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { OpenShellClient, type Sandbox } from '../src/index.js'
import { type DevStack, startDevStack } from './dev-stack.js'
import { failureOf } from './failure-of.js'
import { LINES, startLineGateway, WORKSPACE } from './line-gateway.js'
import { startScriptedGateway } from './scripted-gateway.js'

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

describe.each(LINES)('a derived client on line %s', (line) => {
  let stack: DevStack
  let box: Sandbox

  beforeAll(async () => {
    stack = await startDevStack({
      line,
      onCreate: ({ name }) => (name === 'half' ? { type: 'starting' } : undefined),
    })
    box = await stack.client.sandboxes.create({ name: 'box', command: ['sleep', 'infinity'] })
  })

  afterAll(() => stack?.[Symbol.asyncDispose]())

  test('ends all that runs on it with its signal, and nothing of the client that it comes from', async () => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const derived = stack.client.with({ signal: stop.signal }).workspace(WORKSPACE)
    const derivedBox = await derived.sandboxes.get('box')
    const { commands, files, ports } = derivedBox
    const forward = await ports.forward({ targetPort: 9 })
    const terminal = await commands.interactive(['cat'])
    const other = await box.commands.start(['cat', '/dev/zero'])
    const works: Record<string, Promise<unknown>> = {
      run: commands.run(['sleep', 'infinity']),
      interactive: terminal.wait(),
      watch: drain(derivedBox.watch()),
      wait: derivedBox.waitStopped(),
      'read of a file': drain(files.read('/dev/zero', { format: 'stream' })),
      'write of a file': files.write('endless', endless()),
    }
    const failures = Object.entries(works).map(async ([name, work]) => [name, await failureOf(work)] as const)
    await derivedBox.refresh()
    stop.abort(reason)
    for (const [name, error] of await Promise.all(failures)) {
      expect.soft({ name, kind: error.kind, cause: error.cause }).toEqual({ name, kind: 'aborted', cause: reason })
    }
    expect(await forward.closed).toBeUndefined()
    expect(await failureOf(ports.connect({ targetPort: 9 }))).toMatchObject({ kind: 'aborted', dispatched: false })
    expect(await failureOf(derived.sandboxes.list().toArray())).toMatchObject({ kind: 'aborted', attempts: 0 })
    for await (const event of other) if (event.type === 'stdout') break
    expect((await box.files.list('.')).map(({ name }) => name)).toEqual([])
  })

  test('ends with a limit of time in kind timeout, a forward too', async () => {
    const stop = new AbortController()
    const derived = stack.client.with({ signal: stop.signal })
    const { commands, ports } = await derived.sandboxes.get('box')
    const forward = await ports.forward({ targetPort: 9 })
    // As AbortSignal.timeout() aborts.
    const onStdout = () => stop.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    expect(await failureOf(commands.run('echo started; sleep infinity', { onStdout }))).toMatchObject({
      kind: 'timeout',
    })
    expect(await forward.closed).toMatchObject({ kind: 'timeout' })
  })

  test('deletes what it created although its signal has aborted, at the failure and at the disposal', async () => {
    const stop = new AbortController()
    const derived = stack.client.with({ signal: stop.signal })
    const held = await derived.sandboxes.create({ name: 'held', command: ['sleep', 'infinity'] })
    const creating = derived.sandboxes.create({ name: 'half' }, { onProgress: () => stop.abort() })
    expect(await failureOf(creating)).toMatchObject({ kind: 'aborted' })
    await held[Symbol.asyncDispose]()
    const left = await stack.client.sandboxes.list().toArray()
    expect(left.filter(({ phase }) => phase !== 'deleting').map(({ name }) => name)).toEqual(['box'])
  })
})

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(65_536)
}

describe('a derived client', () => {
  test.each(LINES)('sends its headers with calls and streams, on line %s', async (line) => {
    const seen: string[] = []
    await using gateway = await startLineGateway(line, {
      connect: {
        interceptors: [
          ({ rpc, headers }, next) => {
            seen.push(`${rpc} ${headers.get('traceparent')} ${headers.get('x-tenant')}`)
            return next()
          },
        ],
      },
    })
    const sandbox = await gateway.client.sandboxes.create({ name: 'box' })
    const derived = gateway.client.with({ headers: { traceparent: '00-a', 'X-Tenant': 'one two' } })
    const nested = derived.with({ headers: { traceparent: '00-b' } })
    seen.length = 0
    await derived.workspace(WORKSPACE).sandboxes.get('box')
    for await (const event of (await nested.sandboxes.get('box')).watch()) if (event.type === 'status') break
    await sandbox.refresh()
    expect(seen).toEqual([
      'GetSandbox 00-a one two',
      'GetSandbox 00-b one two',
      'WatchSandbox 00-b one two',
      'GetSandbox null null',
    ])
  })

  test.each(LINES)('has a limit of a request of its own, on line %s', async (line) => {
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox: () => new Promise<object>(() => {}) },
    })
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    const error = await failureOf(client.with({ requestTimeoutMs: 50 }).sandboxes.get('box'))
    expect(error).toMatchObject({ kind: 'timeout', dispatched: true })
  })

  test.each(LINES)(
    'ends its own calls when it is closed, and with the client that it comes from, on line %s',
    async (line) => {
      const arrived = new EventTarget()
      const hang = () => {
        arrived.dispatchEvent(new Event('call'))
        return new Promise<object>(() => {})
      }
      await using gateway = await startScriptedGateway(line, { unary: { getSandbox: hang } })
      await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
      const first = client.with({})
      const second = client.with({}).with({})
      const ofFirst = failureOf(first.sandboxes.get('box'))
      await once(arrived, 'call')
      await first.close()
      expect(await ofFirst).toMatchObject({ kind: 'closed', dispatched: true })
      expect(await failureOf(first.health())).toMatchObject({ kind: 'closed', dispatched: false })
      expect(await second.health()).toMatchObject({ status: 'healthy' })
      const ofSecond = failureOf(second.sandboxes.get('box'))
      await once(arrived, 'call')
      await client.close()
      expect(await ofSecond).toMatchObject({ kind: 'closed', dispatched: true })
      expect(gateway.accepted).toBe(1)
    },
  )

  test('lets many calls wait on one signal without a warning, and leaves no listener on it', async () => {
    const warnings: string[] = []
    const listen = ({ name }: Error) => void warnings.push(name)
    process.on('warning', listen)
    onTestFinished(() => void process.off('warning', listen))
    await using gateway = await startLineGateway('0.1')
    const { signal } = new AbortController()
    const derived = gateway.client.with({ signal })
    await Promise.all(Array.from({ length: 40 }, () => derived.health()))
    await new Promise((resolve) => setImmediate(resolve))
    expect(warnings).toEqual([])
  })

  test.each([
    [{ sgnal: undefined }, 'sgnal', 'signal'],
    [{ signal: {} }, 'signal', 'AbortSignal'],
    [{ requestTimeoutMs: -1 }, 'requestTimeoutMs', 'from 0'],
    [{ requestTimeoutMs: Number.NaN }, 'requestTimeoutMs', 'from 0'],
    [{ headers: [['a', 'b']] }, 'headers', 'object'],
    [{ headers: { 'a b': 'SECRET' } }, 'headers', 'name'],
    [{ headers: { Authorization: 'SECRET' } }, 'headers.Authorization', 'option auth'],
    [{ headers: { cookie: 'SECRET' } }, 'headers.cookie', 'option auth'],
    [{ headers: { 'CF-Access-Jwt-Assertion': 'SECRET' } }, 'headers.CF-Access-Jwt-Assertion', 'option auth'],
    [{ headers: { 'grpc-timeout': 'SECRET' } }, 'headers.grpc-timeout', 'protocol'],
    [{ headers: { te: 'SECRET' } }, 'headers.te', 'protocol'],
    [{ headers: { 'user-agent': 'SECRET' } }, 'headers.user-agent', 'userAgent'],
    [{ headers: { 'x-a': 'SECRET\r\nx-b: c' } }, 'headers.x-a', 'visible ASCII'],
    [{ headers: { 'x-a': 'SECRÉT' } }, 'headers.x-a', 'visible ASCII'],
    [{ headers: { 'x-a': '' } }, 'headers.x-a', 'visible ASCII'],
    [{ headers: { 'x-a': 1 } }, 'headers.x-a', 'text'],
    [null, 'options', 'object'],
  ])('refuses %j', async (options, field, advice) => {
    await using gateway = await startScriptedGateway('0.1')
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    const error = await failureOf((async () => client.with(options as never))())
    expect(error).toMatchObject({ kind: 'configuration', violations: [{ field }] })
    expect(error.message).toContain(advice)
    expect(error.message).not.toContain('SECR')
  })
})
