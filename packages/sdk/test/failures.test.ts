import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { create, toBinary } from '@bufbuild/protobuf'
import { anyPack, DurationSchema } from '@bufbuild/protobuf/wkt'
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import { describe, expect, test } from 'vitest'
import { OpenShellClient, type Sandbox } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { WORDS } from './line-words.js'
import { startPages } from './page-server.js'
import { failStream, type Script, type ScriptedGateway, startScriptedGateway } from './scripted-gateway.js'

function statusDetails(code: number, message: string): Uint8Array {
  const badRequest = create(BadRequestSchema, {
    fieldViolations: [{ field: 'driver_config.size', description: 'must be a number', reason: 'TYPE_MISMATCH' }],
  })
  const info = create(ErrorInfoSchema, { reason: 'DRIVER_CONFIG_INVALID', domain: 'acme.example' })
  const retry = create(RetryInfoSchema, { retryDelay: { seconds: 1n, nanos: 500_000_000 } })
  // One that this release does not know takes nothing from the others.
  const unknown = anyPack(DurationSchema, create(DurationSchema, { seconds: 9n }))
  const packed = [
    anyPack(BadRequestSchema, badRequest),
    anyPack(ErrorInfoSchema, info),
    anyPack(RetryInfoSchema, retry),
  ]
  const details = [unknown, ...packed]
  return toBinary(StatusSchema, create(StatusSchema, { code, message, details }))
}

describe.each(LINES)('on line %s', (line) => {
  const { sandboxReply, version } = WORDS[line]

  async function withClient(
    unary: NonNullable<Script['unary']>,
    use: (client: OpenShellClient, gateway: ScriptedGateway) => Promise<void>,
  ): Promise<void> {
    await using gateway = await startScriptedGateway(line, { unary })
    await using client = await OpenShellClient.connect({
      endpoint: gateway.endpoint,
      workspace: WORKSPACE,
      retry: { maxAttempts: 3, baseDelayMs: 1 },
      requestTimeoutMs: 5_000,
    })
    await use(client, gateway)
  }

  describe('details of a status', () => {
    test('count when code and message agree with the status, in the first of several that do', async () => {
      const fail = () => {
        throw { code: 3, message: 'refused', details: [statusDetails(5, 'refused'), statusDetails(3, 'refused')] }
      }
      await withClient({ createSandbox: fail }, async (client) => {
        expect(await failureOf(client.sandboxes.create({ driverConfig: { acme: {} } }))).toMatchObject({
          kind: 'driver-config-rejected',
          reason: 'DRIVER_CONFIG_INVALID',
          retryAfterMs: 1_500,
          correlationId: 'correlation-1',
          gatewayVersion: version,
          violations: [{ field: 'driver_config.size', description: 'must be a number', reason: 'TYPE_MISMATCH' }],
        })
      })
    })

    test.each([
      ['another code', statusDetails(5, 'refused')],
      ['another message', statusDetails(3, 'something else')],
      ['success', statusDetails(0, '')],
      ['noise', new Uint8Array([255, 255, 255])],
    ])('say nothing when they speak of %s, and never replace the status', async (_, details) => {
      const fail = () => {
        throw { code: 3, message: 'refused', details }
      }
      await withClient({ getSandbox: fail }, async (client) => {
        const error = await failureOf(client.sandboxes.get('box'))
        expect(error).toMatchObject({ kind: 'invalid-argument', code: 'INVALID_ARGUMENT', violations: [] })
        expect(error.message).toContain('refused')
      })
    })
  })

  describe('retries', () => {
    test('repeat a read that failed for a passing reason, and count the attempts', async () => {
      let asked = 0
      const flaky = () => {
        asked += 1
        if (asked < 3) throw { code: 14, message: 'busy' }
        return sandboxReply()
      }
      await withClient({ getSandbox: flaky }, async (client) => {
        expect((await client.sandboxes.get('box')).name).toBe('box')
        asked = -10
        expect(await failureOf(client.sandboxes.get('box'))).toMatchObject({ kind: 'unavailable', attempts: 3 })
      })
    })

    test('repeat a change only with an id that lets it happen once', async () => {
      let asked = 0
      const fail = () => {
        asked += 1
        throw { code: 14, message: 'busy' }
      }
      await withClient({ createSandbox: fail }, async (client) => {
        const error = await failureOf(client.sandboxes.create({}))
        const attempts = line === '0.0' ? 1 : 3
        expect(error).toMatchObject({ kind: 'unavailable', dispatched: true, attempts })
        expect(asked).toBe(attempts)
      })
    })
  })

  describe('the connection', () => {
    test('that is lost during a change leaves open whether the gateway acted', async () => {
      await using gateway = await startScriptedGateway(line, {
        unary: { createSandbox: () => new Promise(() => gateway.dropConnections()) },
      })
      await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
      expect(await failureOf(client.sandboxes.create({ name: 'box' }))).toMatchObject({
        kind: 'unavailable',
        dispatched: true,
        sandboxName: 'box',
      })
    })

    test('that is lost is not taken for an abort, and an abort not for a loss', async () => {
      const stop = new AbortController()
      const reason = new Error('changed my mind')
      const hang = () => {
        stop.abort(reason)
        return new Promise<object>(() => {})
      }
      await withClient({ getSandbox: hang }, async (client) => {
        const error = await failureOf(client.sandboxes.get('box', { signal: stop.signal }))
        expect(error).toMatchObject({ kind: 'aborted', retryable: false, dispatched: true })
        expect(error.cause).toBe(reason)
      })
    })

    test('is given up at requestTimeoutMs, which the error names', async () => {
      await using gateway = await startScriptedGateway(line, {
        unary: { getSandbox: () => new Promise<object>(() => {}) },
      })
      await using client = await OpenShellClient.connect({
        endpoint: gateway.endpoint,
        workspace: WORKSPACE,
        requestTimeoutMs: 100,
      })
      const error = await failureOf(client.sandboxes.get('box'))
      expect(error).toMatchObject({ kind: 'timeout', dispatched: true, attempts: 1 })
      expect(error.message).toContain('requestTimeoutMs')
    })

    test('takes the time limit of a signal for a timeout', async () => {
      await withClient({ getSandbox: () => new Promise<object>(() => {}) }, async (client) => {
        expect(await failureOf(client.sandboxes.get('box', { signal: AbortSignal.timeout(50) }))).toMatchObject({
          kind: 'timeout',
        })
      })
    })

    test('refuses an answer of the other line as a mismatch', async () => {
      const fail = () => {
        throw { code: 3, message: 'workspace_scope is required' }
      }
      await withClient({ getSandbox: fail }, async (client) => {
        expect(await failureOf(client.sandboxes.get('box'))).toMatchObject({ kind: 'wire-mismatch' })
      })
    })

    test('does not send a request that is too large for the gateway', async () => {
      await withClient({ createSandbox: () => sandboxReply() }, async (client, gateway) => {
        await using free = await OpenShellClient.connect({
          endpoint: gateway.endpoint,
          workspace: WORKSPACE,
          clientChecks: 'off',
        })
        const error = await failureOf(free.sandboxes.create({ image: 'i'.repeat(1_048_600) }, { waitReady: false }))
        expect(error).toMatchObject({ kind: 'invalid-argument', dispatched: false, retryable: false })
        expect(gateway.calls).not.toContain('createSandbox')
        void client
      })
    })
  })

  describe('a stream', () => {
    const events = async (sandbox: Sandbox, signal?: AbortSignal) => {
      for await (const { type } of sandbox.watch(signal ? { signal } : {})) expect(type).toBe('disconnected')
    }
    const works: readonly [string, (sandbox: Sandbox, signal?: AbortSignal) => Promise<unknown>][] = [
      ['watch', events],
      ['command', (sandbox, signal) => sandbox.commands.run(['true'], signal ? { signal } : {})],
    ]

    async function withStream(
      stream: NonNullable<Script['stream']>[string],
      use: (sandbox: Sandbox, gateway: ScriptedGateway) => Promise<void>,
    ): Promise<void> {
      await using gateway = await startScriptedGateway(line, {
        unary: { getSandbox: () => sandboxReply() },
        stream: { watchSandbox: stream, execSandbox: stream },
      })
      const retry = { maxAttempts: 1 }
      await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE, retry })
      await use(await client.sandboxes.get('box'), gateway)
    }

    test.each(works)('of a %s that never says a word ends with the limit of its signal', async (_, work) => {
      await withStream(
        () => undefined,
        async (sandbox) => {
          expect(await failureOf(work(sandbox, AbortSignal.timeout(50)))).toMatchObject({ kind: 'timeout' })
        },
      )
    })

    test.each(works)('of a %s that the other line answers is a mismatch', async (_, work) => {
      let opened = 0
      await withStream(
        (_request, call) => {
          opened += 1
          failStream(
            call,
            opened > 1 ? { code: 7, message: 'no' } : { code: 3, message: 'workspace_scope is required' },
          )
        },
        async (sandbox) => {
          const error = await failureOf(work(sandbox))
          // A watch looks at the version again, and goes on.
          expect(error.kind).toBe(opened > 1 ? 'permission-denied' : 'wire-mismatch')
        },
      )
    })

    test.each(works)('of a %s whose server shows pages from now on names the endpoint', async (_, work) => {
      await using pages = await startPages(200)
      await withStream(
        () => undefined,
        async (sandbox, gateway) => {
          gateway.redirect(Number(new URL(pages.endpoint).port))
          // Sees that the connection is cut.
          await sandbox.refresh().catch(() => undefined)
          expect(await failureOf(work(sandbox, AbortSignal.timeout(5_000)))).toMatchObject({ kind: 'configuration' })
        },
      )
    })
  })
})

describe('a server that is no gateway', () => {
  test('is reported as unreachable with the endpoint when it speaks HTTP/1 only', async () => {
    const server = createHttpServer((_, response) => response.end('<html>'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const error = await failureOf(
      OpenShellClient.connect({ endpoint: `http://127.0.0.1:${port}`, retry: { maxAttempts: 1 } }),
    )
    server.closeAllConnections()
    server.close()
    expect(error).toMatchObject({ kind: 'unavailable' })
    expect(error.hint).toContain('OpenShell gateway')
  })

  test.each([
    ['a page', 200, 'configuration', 'Check the endpoint'],
    ['a page that is missing', 404, 'configuration', 'Check the endpoint'],
    ['a redirect to a login', 302, 'unauthenticated', 'type edge'],
    ['a refusal of a proxy', 403, 'unauthenticated', 'type edge'],
    ['a proxy that has lost the gateway', 502, 'unavailable', 'Check that the gateway runs'],
  ])('is told apart when it answers with %s', async (_, status, kind, hint) => {
    await using server = await startPages(status)
    const error = await failureOf(OpenShellClient.connect({ endpoint: server.endpoint, retry: { maxAttempts: 1 } }))
    expect(error).toMatchObject({ kind, retryable: kind === 'unavailable', attempts: 1 })
    expect(error.hint).toContain(hint)
    expect(error.message).toContain(`${server.endpoint} answered HTTP ${status}`)
  })

  test.each(['http', 'https'])(
    'is reported as unreachable when it closes each connection at once, over %s',
    async (scheme) => {
      await using server = await listen((socket) => void socket.destroy())
      const endpoint = `${scheme}://127.0.0.1:${server.port}`
      const retry = { maxAttempts: 2, baseDelayMs: 1 }
      const error = await failureOf(OpenShellClient.connect({ endpoint, retry }))
      expect(error).toMatchObject({ kind: 'unavailable', retryable: true, attempts: 2 })
      // Nothing can have been sent over what was never open.
      if (scheme === 'https') expect(error.dispatched).toBe(false)
    },
  )

  test('is given up at requestTimeoutMs when it never says a word', async () => {
    await using server = await listen(() => undefined)
    const endpoint = `http://127.0.0.1:${server.port}`
    const error = await failureOf(OpenShellClient.connect({ endpoint, requestTimeoutMs: 100 }))
    expect(error).toMatchObject({ kind: 'timeout', rpc: 'Health' })
  })

  test('is reported as tls when it does not speak TLS', async () => {
    await using gateway = await startScriptedGateway('0.1')
    const endpoint = gateway.endpoint.replace('http:', 'https:')
    const error = await failureOf(OpenShellClient.connect({ endpoint }))
    expect(error).toMatchObject({ kind: 'tls', dispatched: false, attempts: 1 })
    expect(error.hint).toContain('check the scheme')
  })
})

async function listen(onSocket: (socket: Socket) => void): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
