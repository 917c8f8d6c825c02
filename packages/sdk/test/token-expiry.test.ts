import { createSimulatedDriver, TestClock } from '@openshell-ts/dev-gateway'
import { describe, expect, test } from 'vitest'
import { type ClientAuth, OpenShellClient, type Sandbox, type WatchEvent } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { startHttp2Front } from './http2-front.js'
import { LINES, startLineGateway, WORKSPACE } from './line-gateway.js'
import { WORDS } from './line-words.js'
import { failStream, startScriptedGateway } from './scripted-gateway.js'

const UNAUTHENTICATED = 16
const LIFE_MS = 60_000
const ann = { subject: 'ann', roles: ['openshell-user', 'openshell-admin'] }

function nameOf(event: WatchEvent): string | undefined {
  if (event.type === 'platform-event') return event.event.message
  if (event.type === 'gap') return `gap ${event.reason}`
  return event.type === 'reconnected' ? 'reconnected' : undefined
}

describe.each(LINES)('on line %s, a token that expires', (line) => {
  /** Follows a sandbox through a proxy that ends streams when the token of its client expires, which the gateway refuses from then on. */
  async function follow(auth: ClientAuth, use: (sandbox: Sandbox, tools: Tools) => Promise<void>): Promise<void> {
    const clock = new TestClock()
    const driver = createSimulatedDriver()
    const users = [
      { ...ann, token: 'short', expiresAtMs: clock.now() + LIFE_MS },
      { ...ann, token: 'long' },
    ]
    await using stack = await startLineGateway(line, {
      gateway: { clock, drivers: [driver], auth: { users } },
      connect: { auth: { type: 'bearer', token: 'long' } },
    })
    await using front = await startHttp2Front(stack.gateway.endpoint)
    await using client = await OpenShellClient.connect({ endpoint: front.endpoint, workspace: WORKSPACE, auth })
    const { id } = await stack.client.sandboxes.create({ name: 'box' }, { keep: true })
    await use(await client.sandboxes.get('box'), {
      emit: (message) => driver.emitEvent(id, { reason: 'Told', message }),
      expire: () => {
        clock.skip(LIFE_MS)
        front.endAnswers(UNAUTHENTICATED, 'invalid token: ExpiredSignature')
      },
    })
  }

  test('in the middle of a watch is renewed once, and nothing is lost or told twice', async () => {
    const forced: boolean[] = []
    let token = 'short'
    const getToken = ({ forceRefresh }: { forceRefresh: boolean }) => {
      if (forceRefresh) token = 'long'
      forced.push(forceRefresh)
      return token
    }
    await follow({ type: 'bearer', getToken }, async (sandbox, { emit, expire }) => {
      const seen: string[] = []
      let started = false
      for await (const event of sandbox.watch({ logs: true, signal: AbortSignal.timeout(15_000) })) {
        if (!started) emit('one')
        started = true
        const name = nameOf(event)
        if (name === undefined) continue
        seen.push(name)
        if (name === 'one') {
          expire()
          // These come while nobody listens.
          emit('two')
          emit('three')
        }
        if (name === 'three') break
      }
      expect(seen).toEqual(['one', 'reconnected', 'two', 'three'])
    })
    expect(forced.filter(Boolean)).toHaveLength(1)
  })

  test('in the middle of a watch and is the only one ends it, with what was refused', async () => {
    await follow({ type: 'bearer', token: 'short' }, async (sandbox, { expire }) => {
      const watch = sandbox.watch({ signal: AbortSignal.timeout(15_000) })
      expect(await watch.next()).toMatchObject({ value: { type: 'status' } })
      expire()
      const error = await failureOf(watch.next())
      expect(error).toMatchObject({ kind: 'unauthenticated', code: 'UNAUTHENTICATED', retryable: false })
      expect(error.hint).toContain('option auth')
    })
  })

  test('in the middle of a wait does not end it', async () => {
    let token = 'short'
    const getToken = ({ forceRefresh }: { forceRefresh: boolean }) => {
      if (forceRefresh) token = 'long'
      return token
    }
    await follow({ type: 'bearer', getToken }, async (sandbox, { expire }) => {
      const waiting = sandbox.waitDeleted({ timeoutMs: 15_000, onProgress: () => expire() })
      await Promise.all([waiting, sandbox.delete()])
    })
  })

  test('in the middle of a command leaves its result unknown, and the error says why', async () => {
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox: () => WORDS[line].sandboxReply() },
      stream: {
        execSandbox: (_, call) => {
          call.write({ payload: { case: 'stdout', value: { data: Buffer.from('so far') } } })
          failStream(call, { code: UNAUTHENTICATED, message: 'invalid token: ExpiredSignature' })
        },
      },
    })
    const auth = { type: 'bearer', token: 'short' } as const
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE, auth })
    const { commands } = await client.sandboxes.get('box')
    const error = await failureOf(commands.run(['true']))
    expect(error).toMatchObject({
      kind: 'exec-result-unknown',
      dispatched: true,
      retryable: false,
      stdout: new Uint8Array(Buffer.from('so far')),
      cause: { kind: 'unauthenticated' },
    })
    expect(error.message).toContain('invalid token: ExpiredSignature')
    expect(gateway.calls.filter((name) => name === 'execSandbox')).toHaveLength(1)
  })
})

interface Tools {
  emit(message: string): void
  /** The time of the first token is over. */
  expire(): void
}
