import { inspect } from 'node:util'
import type { Metadata } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import { type ClientAuth, OpenShellClient, type WireLine } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { SandboxPhase, WORDS } from './line-words.js'
import { startPages } from './page-server.js'
import { failStream, type ScriptedGateway, startScriptedGateway } from './scripted-gateway.js'

const UNAUTHENTICATED = 16

/** A gateway that lets in one token, which the test may change, and notes what each call showed. */
async function startGuarded(
  line: WireLine,
): Promise<{ gateway: ScriptedGateway; seen: string[]; letIn(token: string): void }> {
  const seen: string[] = []
  let good = 'one'
  const shown = (metadata: Metadata) => {
    const value = String(metadata.get('authorization')[0] ?? '')
    seen.push(value)
    return value === `Bearer ${good}`
  }
  const guard = (reply: () => object) => (_: unknown, call: { readonly metadata: Metadata }) => {
    if (!shown(call.metadata)) throw { code: UNAUTHENTICATED, message: 'invalid token' }
    return reply()
  }
  const gateway = await startScriptedGateway(line, {
    unary: {
      getSandbox: guard(() => WORDS[line].sandboxReply()),
      // Each line reads its own field.
      deleteService: guard(() => ({ deleted: true, outcome: 1 })),
    },
    stream: {
      watchSandbox: (_, call) => {
        if (!shown(call.metadata)) return failStream(call, { code: UNAUTHENTICATED, message: 'invalid token' })
        call.write(WORDS[line].statusEvent(SandboxPhase.READY))
      },
    },
  })
  return { gateway, seen, letIn: (token) => (good = token) }
}

function connect({ endpoint }: ScriptedGateway, auth: ClientAuth): Promise<OpenShellClient> {
  return OpenShellClient.connect({ endpoint, auth, workspace: WORKSPACE, retry: { maxAttempts: 1 } })
}

describe.each(LINES)('a bearer token on line %s', (line) => {
  test('follows its provider without a new client', async () => {
    const { gateway, seen, letIn } = await startGuarded(line)
    await using _ = gateway
    let token = 'one'
    await using client = await connect(gateway, { type: 'bearer', getToken: () => token })
    await client.sandboxes.get('box')
    token = 'two'
    letIn('two')
    await client.sandboxes.get('box')
    expect(seen).toEqual(['Bearer one', 'Bearer two'])
  })

  test('is renewed once when it is refused, also for changes and streams', async () => {
    const { gateway, seen, letIn } = await startGuarded(line)
    await using _ = gateway
    let token = 'one'
    const forced: boolean[] = []
    const getToken = ({ forceRefresh }: { forceRefresh: boolean }) => {
      forced.push(forceRefresh)
      if (forceRefresh) token = `${token}+`
      return token
    }
    await using client = await connect(gateway, { type: 'bearer', getToken })
    const sandbox = await client.sandboxes.get('box')
    letIn('one+')
    expect(await client.services.of('box').delete('web')).toEqual({ outcome: 'completed' })
    letIn('one++')
    for await (const event of sandbox.watch()) {
      expect(event.type).toBe('status')
      break
    }
    expect(seen).toEqual(['Bearer one', 'Bearer one', 'Bearer one+', 'Bearer one+', 'Bearer one++'])
    expect(forced.filter(Boolean)).toHaveLength(2)
  })

  test('that is refused for good fails the call once, with what the gateway said', async () => {
    const { gateway, seen, letIn } = await startGuarded(line)
    await using _ = gateway
    await using client = await connect(gateway, { type: 'bearer', token: 'one' })
    letIn('another')
    expect(await failureOf(client.sandboxes.get('box'))).toMatchObject({
      kind: 'unauthenticated',
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('invalid token'),
      dispatched: false,
    })
    expect(seen).toEqual(['Bearer one'])
  })

  test('that cannot be had fails the call before it is sent', async () => {
    const { gateway } = await startGuarded(line)
    await using _ = gateway
    const getToken = () => Promise.reject(new Error('the vault is sealed'))
    expect(await failureOf(connect(gateway, { type: 'bearer', getToken }))).toMatchObject({
      kind: 'unauthenticated',
      dispatched: false,
    })
    expect(gateway.calls).toEqual([])
  })

  test('is not asked for any more once the client is closed', async () => {
    const { gateway } = await startGuarded(line)
    await using _ = gateway
    const signals = new Set<AbortSignal>()
    const getToken = ({ signal }: { signal: AbortSignal }) => {
      signals.add(signal)
      return 'one'
    }
    const client = await connect(gateway, { type: 'bearer', getToken })
    await client.close()
    expect([...signals].map(({ aborted }) => aborted)).toEqual([true])
  })

  test('that never comes is given up with the call', async () => {
    const { gateway } = await startGuarded(line)
    await using _ = gateway
    const getToken = () => new Promise<string>(() => {})
    const { endpoint } = gateway
    const error = await failureOf(
      OpenShellClient.connect({ endpoint, auth: { type: 'bearer', getToken }, requestTimeoutMs: 50 }),
    )
    expect(error).toMatchObject({ kind: 'timeout' })
  })

  test('is in nothing that is logged', async () => {
    const { gateway, letIn } = await startGuarded(line)
    await using _ = gateway
    const token = 'one'
    const auth = { type: 'bearer', token } as const
    letIn('unspeakable')
    await using client = await connect(gateway, { type: 'bearer', token: 'unspeakable' })
    await client.sandboxes.get('box')
    letIn(auth.token)
    const error = await failureOf(client.sandboxes.get('box'))
    for (const text of [
      inspect(client, { depth: 20, showHidden: true }),
      JSON.stringify(client),
      inspect(error, { depth: 20, showHidden: true }),
      JSON.stringify(error),
      String(error.stack),
    ]) {
      expect(text).not.toContain('unspeakable')
    }
  })
})

describe('a token of an edge', () => {
  test.each(LINES)('goes in the headers of the edge with every call, the first included, on line %s', async (line) => {
    const seen: unknown[] = []
    const note = (rpc: string, { metadata }: { readonly metadata: Metadata }) => {
      const headers = metadata.getMap()
      seen.push([rpc, headers['cf-access-jwt-assertion'], headers['cookie'], headers['authorization']])
    }
    await using gateway = await startScriptedGateway(line, {
      unary: {
        health(_, call) {
          note('health', call)
          return { status: 1, version: WORDS[line].version }
        },
        getSandbox(_, call) {
          note('getSandbox', call)
          return WORDS[line].sandboxReply()
        },
      },
      stream: {
        watchSandbox(_, call) {
          note('watchSandbox', call)
          call.write(WORDS[line].statusEvent(SandboxPhase.READY))
        },
      },
    })
    await using client = await connect(gateway, { type: 'edge', token: 'edge.token' })
    for await (const _ of (await client.sandboxes.get('box')).watch()) break
    expect(seen).toEqual(
      ['health', 'getSandbox', 'watchSandbox'].map((rpc) => [
        rpc,
        'edge.token',
        'CF_Authorization=edge.token',
        undefined,
      ]),
    )
  })

  test.each([302, 200])('is asked for again when a login page comes with HTTP %i', async (status) => {
    await using server = await startPages(status)
    const forced: boolean[] = []
    const getToken = ({ forceRefresh }: { forceRefresh: boolean }) => {
      forced.push(forceRefresh)
      return `token-${forced.length}`
    }
    const error = await failureOf(
      OpenShellClient.connect({ endpoint: server.endpoint, auth: { type: 'edge', getToken } }),
    )
    expect(error).toMatchObject({ kind: 'unauthenticated', dispatched: false })
    expect(error.hint).toContain('Log in again')
    expect(forced).toEqual([false, true])
    expect(server.answered()).toBe(2)
  })
})

const OIDC = { type: 'oidc', issuer: 'https://idp.example', clientId: 'c', refreshToken: 'unspeakable' }

describe('options of auth', () => {
  test.each<[string, object, string]>([
    ['a token over plaintext to another machine', { type: 'bearer', token: 'unspeakable' }, 'allowInsecureAuth: true'],
    ['a header in a token', { type: 'bearer', token: 'unspeakable\nx: y' }, 'visible ASCII'],
    ['an empty token', { type: 'edge', token: '' }, 'is empty'],
    ['both a token and a provider', { type: 'bearer', token: 'unspeakable', getToken: () => '' }, 'either'],
    ['no token', { type: 'edge' }, 'either token or getToken'],
    ['a provider that is none', { type: 'edge', getToken: 'unspeakable' }, 'must be a function'],
    ['no such type', { type: 'basic', password: 'unspeakable' }, 'type mtls, bearer, oidc or edge'],
    ['a certificate that is missing', { type: 'mtls' }, 'tls.cert'],
    [
      'an issuer without encryption',
      { type: 'oidc', issuer: 'http://idp.example', clientId: 'c', refreshToken: 'unspeakable' },
      'https',
    ],
    [
      'a listener that is none',
      { type: 'oidc', issuer: 'https://idp.example', clientId: 'c', refreshToken: 'unspeakable', onTokens: true },
      'auth.onTokens',
    ],
    [
      'what a token needs that nothing renews',
      { type: 'oidc', issuer: 'https://idp.example', clientId: 'c', accessToken: 'unspeakable', audience: 'a' },
      'auth.audience: has no effect',
    ],
    [
      'the end of a token that is not there',
      { type: 'oidc', issuer: 'https://idp.example', clientId: 'c', refreshToken: 'unspeakable', expiresAtMs: 1 },
      'auth.expiresAtMs: has no effect',
    ],
    ['a tunnel for a bearer token', { type: 'bearer', token: 'unspeakable', tunnel: true }, 'auth.tunnel: unknown'],
    ['a tunnel without encryption', { type: 'edge', token: 'unspeakable', tunnel: true }, 'must be encrypted'],
    ['a mistyped option', { type: 'oidc', clientID: 'unspeakable' }, 'did you mean "clientId"?'],
    ['a type that is another name', { type: 'constructor', token: 'unspeakable' }, 'type mtls, bearer, oidc or edge'],
    ['scopes that are no list', { ...OIDC, scopes: 'unspeakable' }, 'auth.scopes: must be a list of texts'],
    ['a time that is none', { ...OIDC, accessToken: 'x', expiresAtMs: 'unspeakable' }, 'auth.expiresAtMs'],
    ['an empty refresh token', { ...OIDC, refreshToken: '' }, 'auth.refreshToken: must be a text'],
    ['a secret that is no text', { ...OIDC, clientSecret: ['unspeakable'] }, 'auth.clientSecret: must be a text'],
    ['nothing to get a token with', { type: 'oidc', issuer: 'https://idp.example', clientId: 'c' }, 'refreshToken'],
  ])('refuse %s before anything is sent', async (_, auth, advice) => {
    const options = { endpoint: 'http://gateway.example', auth: auth as ClientAuth }
    const error = await failureOf(OpenShellClient.connect(options))
    expect(error).toMatchObject({ kind: 'configuration', attempts: 0 })
    expect(error.message).toContain(advice)
    expect(inspect(error)).not.toContain('unspeakable')
  })

  test('let a token go unencrypted where that is asked for', async () => {
    const options = { endpoint: 'http://gateway.invalid', allowInsecureAuth: true, retry: { maxAttempts: 1 } }
    const error = await failureOf(OpenShellClient.connect({ ...options, auth: { type: 'bearer', token: 'x' } }))
    expect(error).toMatchObject({ kind: 'unavailable' })
  })

  test.each([undefined, 'http://127.0.0.1:1'])('refuse %s in place of options with an example', async (options) => {
    const error = await failureOf(OpenShellClient.connect(options as never))
    expect(error).toMatchObject({ kind: 'configuration', hint: expect.stringContaining('connect({ endpoint:') })
  })
})
