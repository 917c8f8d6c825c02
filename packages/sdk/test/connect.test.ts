import { describe, expect, test } from 'vitest'
import { type ConnectOptions, OpenShellClient, UnsupportedGatewayError } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { WORDS } from './line-words.js'
import { startScriptedGateway } from './scripted-gateway.js'

describe('connect', () => {
  test.each(LINES)('speaks to a gateway of line %s and tells its version', async (line) => {
    await using gateway = await startScriptedGateway(line)
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    expect(await client.health()).toEqual({ status: 'healthy', version: WORDS[line].version })
  })

  test('refuses a gateway without a version, with ranges and the override that helps', async () => {
    await using gateway = await startScriptedGateway('0.0', {
      unary: { health: () => ({ status: 1, version: '0.0.0' }) },
    })
    const error = await failureOf(OpenShellClient.connect({ endpoint: gateway.endpoint }))
    expect(error).toBeInstanceOf(UnsupportedGatewayError)
    expect(error).toMatchObject({
      kind: 'unsupported-gateway',
      foundVersion: '0.0.0',
      supportedRanges: ['0.0.88 to 0.0.116', '0.1.0-pre.8 and later 0.1.x'],
      override: "wireLine: '0.0' or wireLine: '0.1'",
    })
  })

  test.each(LINES)('takes the override with one warning, on line %s', async (line) => {
    await using gateway = await startScriptedGateway(line, {
      unary: { health: () => ({ status: 1, version: '0.0.0' }) },
    })
    const warnings: string[] = []
    const logger = { warn: (message: string) => warnings.push(message) }
    const options = { endpoint: gateway.endpoint, workspace: WORKSPACE, wireLine: line, logger }
    await using client = await OpenShellClient.connect(options)
    await client.health()
    expect(warnings).toEqual([expect.stringContaining('"0.0.0"')])
  })

  test('refuses a gateway whose version is garbled, and shows no control characters', async () => {
    const version = `0.1.5\u001b[2J${'x'.repeat(100)}`
    await using gateway = await startScriptedGateway('0.1', { unary: { health: () => ({ status: 1, version }) } })
    const error = await failureOf(OpenShellClient.connect({ endpoint: gateway.endpoint }))
    expect(error.kind).toBe('unsupported-gateway')
    expect(error).toHaveProperty('foundVersion', `0.1.5?[2J${'x'.repeat(55)}`)
  })

  test('names the endpoint when nobody listens, and cannot have been dispatched', async () => {
    const error = await failureOf(
      OpenShellClient.connect({ endpoint: 'http://127.0.0.1:1', retry: { maxAttempts: 2, baseDelayMs: 1 } }),
    )
    expect(error).toMatchObject({ kind: 'unavailable', dispatched: false, retryable: true, attempts: 2, rpc: 'Health' })
    expect(error.message).toContain('http://127.0.0.1:1')
  })

  test('names the nearest option for a mistyped one', async () => {
    const options = { endpoint: 'http://127.0.0.1:1', requestTimeout: 5 }
    const error = await failureOf(OpenShellClient.connect(options))
    expect(error).toMatchObject({ kind: 'configuration' })
    expect(error.message).toContain('did you mean "requestTimeoutMs"?')
  })

  test.each([
    '127.0.0.1:17670',
    'ftp://127.0.0.1',
    'http://user:secret@host',
    'http://host/path',
    'http://host:0',
    'http://host:65536',
    'unix:relative.sock',
    'unix://host/gateway.sock',
    `unix:/${'long'.repeat(30)}`,
  ])('refuses the endpoint %s with an example of a good one', async (endpoint) => {
    const error = await failureOf(OpenShellClient.connect({ endpoint }))
    expect(error).toMatchObject({ kind: 'configuration' })
    expect(error.hint).toContain('http://127.0.0.1:17670')
    expect(error.message).not.toContain('secret')
  })

  test('reports every option that makes no sense, before it connects', async () => {
    const options: object = {
      endpoint: 'https://127.0.0.1:1',
      workspace: 'Team',
      wireLine: '0.2',
      requestTimeoutMs: -1,
      clientChecks: false,
      tls: { cert: 'x' },
    }
    const error = await failureOf(OpenShellClient.connect(options as ConnectOptions))
    expect(error).toMatchObject({ kind: 'configuration', attempts: 0 })
    expect(error.violations.map(({ field }) => field)).toEqual([
      'workspace',
      'wireLine',
      'requestTimeoutMs',
      'clientChecks',
      'tls',
    ])
  })

  test.each([
    [{ tls: null }, 'tls'],
    [{ tls: 'PEM' }, 'tls'],
    [{ auth: 'token' }, 'auth'],
    [{ auth: null }, 'auth'],
    [{ retry: 3 }, 'retry'],
    [{ retry: { maxAttempt: 1 } }, 'retry.maxAttempt'],
    [{ tls: { rejectUnauthorized: false } }, 'tls.rejectUnauthorized'],
    [{ workspace: '' }, 'workspace'],
  ])('names the option of %j, which is wrong', async (options, field) => {
    const error = await failureOf(OpenShellClient.connect({ endpoint: 'http://127.0.0.1:1', ...(options as object) }))
    expect(error).toMatchObject({ kind: 'configuration', violations: [{ field }] })
    expect(error.message).not.toContain('token')
  })

  test('takes limits that are longer than a timer can wait for no limit', async () => {
    await using gateway = await startScriptedGateway('0.1')
    const options = { endpoint: gateway.endpoint, workspace: WORKSPACE, requestTimeoutMs: 1e12 }
    await using client = await OpenShellClient.connect(options)
    expect((await client.health()).status).toBe('healthy')
  })

  test.each(LINES)(
    'asks for the version again after a reconnect, once, before changes are sent, on line %s',
    async (line) => {
      await using gateway = await startScriptedGateway(line, {
        unary: {
          getSandbox: () => WORDS[line].sandboxReply(),
          // Each line reads its own field.
          deleteService: () => ({ deleted: true, outcome: 1 }),
        },
      })
      await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
      const sandbox = await client.sandboxes.get('box')
      await sandbox.services.delete('web')
      gateway.dropConnections()
      await sandbox.refresh()
      const before = gateway.calls.length
      await Promise.all(['a', 'b', 'c'].map((name) => sandbox.services.delete(name)))
      const changes = gateway.calls.slice(before).filter((call) => call !== 'getSandbox')
      expect(changes).toEqual(['health', 'deleteService', 'deleteService', 'deleteService'])
      expect(gateway.calls.slice(0, before)).toEqual([
        'health',
        'getSandbox',
        'getSandbox',
        'deleteService',
        'getSandbox',
      ])
    },
  )
})

describe('an early gateway of line 0.0', () => {
  async function withVersion<T>(
    version: string,
    use: (client: OpenShellClient, calls: readonly string[]) => Promise<T>,
  ) {
    await using gateway = await startScriptedGateway('0.0', {
      unary: { health: () => ({ status: 1, version }), createSandbox: () => WORDS['0.0'].sandboxReply() },
    })
    const options = { endpoint: gateway.endpoint, workspace: WORKSPACE, wireLine: '0.0' } as const
    await using client = await OpenShellClient.connect(options)
    return await use(client, gateway.calls)
  }

  test.each([
    ['0.0.110', false],
    ['0.0.111', true],
    ['0.0.0', true],
  ])('with version %s is sent a main process: %s, and never what it would drop', async (version, isSent) => {
    for (const spec of [{ command: ['sleep', '1'] }, { tty: true }]) {
      await withVersion(version, async ({ sandboxes }, calls) => {
        const creating = sandboxes.create(spec, { waitReady: false, keep: true })
        if (isSent) expect((await creating).name).toBe('box')
        else expect(await failureOf(creating)).toMatchObject({ kind: 'unsupported', dispatched: false, attempts: 0 })
        expect(calls.includes('createSandbox')).toBe(isSent)
      })
    }
    const plain = { waitReady: false, keep: true }
    expect(await withVersion(version, async ({ sandboxes }) => (await sandboxes.create({}, plain)).name)).toBe('box')
  })

  test.each([
    ['0.0.94', expect.stringContaining('from version 0.0.95 on')],
    ['0.0.95', undefined],
  ])('of version %s that does not know a call has its version for a reason: %s', async (version, hint) => {
    const error = await withVersion(version, (client) => failureOf(client.whoami()))
    expect([error.kind, error.hint]).toEqual(['unsupported', hint])
  })
})
