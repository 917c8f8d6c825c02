import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { constants, type ServerHttp2Stream } from 'node:http2'
import { describe, expect, test } from 'vitest'
import { type ChangeOptions, type CommandRunOptions, OpenShellClient, OpenShellError } from '../src/index.js'
import { startHttp2Front } from './http2-front.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { WORDS } from './line-words.js'
import { frame } from './raw-grpc-server.js'
import { failStream, type Script, type ScriptedGateway, startScriptedGateway } from './scripted-gateway.js'

type Work = (client: OpenShellClient, options: ChangeOptions) => Promise<unknown>
type StreamHandler = NonNullable<Script['stream']>[string]

/** What a call is answered with: the end of its stream or connection, or a status of the gateway. */
type Answer = (stream: ServerHttp2Stream) => void

/** What a failed call tells: its kind, whether the gateway may have acted, and whether the same call may be made again. */
interface Told {
  readonly read: string
  /** A change without an id of the caller: on line 0.1 the client gives it one of its own. */
  readonly change: string
  /** A change with an id of the caller; line 0.0 has none. */
  readonly identified: string
}

/** A refusal: the gateway has not acted, and will not when it is asked again. */
const refusal = (kind: string): Told => alike(kind)
/** A failure of which time is no cure, although the gateway may have acted. */
const final = (kind: string): Told => alike(`${kind}, dispatched`)
/** A failure that passes: what only reads may be made again, and what cannot happen twice. */
const passing = (kind: string): Told => ({
  read: `${kind}, dispatched, retryable`,
  change: `${kind}, dispatched`,
  identified: `${kind}, dispatched, retryable`,
})
/** A failure that passes, of a call that did not arrive. */
const unsent = (kind: string): Told => alike(`${kind}, retryable`)

function alike(told: string): Told {
  return { read: told, change: told, identified: told }
}

const STATUSES: readonly (readonly [name: string, code: number, told: Told])[] = [
  ['CANCELLED', 1, passing('unavailable')],
  ['UNKNOWN', 2, final('internal')],
  ['INVALID_ARGUMENT', 3, refusal('invalid-argument')],
  ['DEADLINE_EXCEEDED', 4, passing('timeout')],
  ['NOT_FOUND', 5, refusal('not-found')],
  ['ALREADY_EXISTS', 6, refusal('already-exists')],
  ['PERMISSION_DENIED', 7, refusal('permission-denied')],
  ['RESOURCE_EXHAUSTED', 8, passing('resource-exhausted')],
  ['FAILED_PRECONDITION', 9, refusal('failed-precondition')],
  // Read it again, and apply the change to that.
  ['ABORTED', 10, final('conflict')],
  ['OUT_OF_RANGE', 11, refusal('invalid-argument')],
  ['UNIMPLEMENTED', 12, refusal('unsupported')],
  ['INTERNAL', 13, final('internal')],
  ['UNAVAILABLE', 14, passing('unavailable')],
  ['DATA_LOSS', 15, final('internal')],
  // A token that has expired; the client asks for a newer one first.
  ['UNAUTHENTICATED', 16, refusal('unauthenticated')],
]

const OTHERS: readonly (readonly [name: string, answer: Answer, told: Told])[] = [
  ['a connection that is lost before the headers', (stream) => stream.session?.destroy(), passing('unavailable')],
  [
    'a connection that is lost after the headers',
    (stream) => {
      stream.respond({ 'content-type': 'application/grpc' })
      setImmediate(() => stream.session?.destroy())
    },
    passing('unavailable'),
  ],
  ['a stream that is reset', (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR), passing('unavailable')],
  ['a stream that is refused', (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM), unsent('unavailable')],
  [
    'a GOAWAY that does not count the call',
    (stream) => stream.session?.goaway(constants.NGHTTP2_NO_ERROR, Number(stream.id) - 2),
    unsent('unavailable'),
  ],
  ['a page', (stream) => page(stream, 200), refusal('configuration')],
  ['a page that asks for a login', (stream) => page(stream, 302), refusal('unauthenticated')],
  ['a proxy that has lost the gateway', (stream) => page(stream, 502), passing('unavailable')],
  [
    'a reply above the limit of this side',
    (stream) => {
      stream.respond({ 'content-type': 'application/grpc' })
      stream.write(frame(Buffer.alloc(0)).fill(255, 1))
    },
    final('invalid-argument'),
  ],
  ['an answer that is no message', noMessage, final('wire-mismatch')],
  ['an answer of line 0.1', (stream) => status(stream, 3, 'workspace_scope is required'), refusal('wire-mismatch')],
  [
    'an answer of line 0.0',
    (stream) => status(stream, 5, "workspace '\n\u0006team-a' not found"),
    refusal('wire-mismatch'),
  ],
]

function page(stream: ServerHttp2Stream, code: number): void {
  stream.respond({ ':status': code, 'content-type': 'text/html' })
  stream.end('<html>')
}

/** Answers as a gateway that succeeded, in bytes that are nobody's. */
function noMessage(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(Buffer.from([0, 0, 0, 0, 2, 255, 255]))
}

function status(stream: ServerHttp2Stream, code: number, message = 'no'): void {
  const headers = { ':status': 200, 'content-type': 'application/grpc' }
  stream.respond({ ...headers, 'grpc-status': code, 'grpc-message': encodeURIComponent(message) }, { endStream: true })
}

async function tell(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (!(error instanceof OpenShellError)) throw error
    return [error.kind, error.dispatched && 'dispatched', error.retryable && 'retryable'].filter(Boolean).join(', ')
  }
}

async function run(client: OpenShellClient, options: CommandRunOptions = {}): Promise<unknown> {
  const { commands } = await client.sandboxes.get('box')
  return commands.run(['true'], options)
}

const pem = (name: string) => readFile(new URL(`data/tls/${name}`, import.meta.url))
const tls = { ca: await pem('ca.crt'), cert: await pem('server.crt'), key: await pem('server.key') }

const SILENT: Answer = () => undefined

describe.each(LINES)('on line %s, a failed call tells whether it may be made again:', (line) => {
  const create: Work = ({ sandboxes }, options) =>
    sandboxes.create({ name: 'box' }, { waitReady: false, keep: true, ...options })
  const works: readonly (readonly [keyof Told, Work])[] = [
    ['read', ({ sandboxes }, options) => sandboxes.get('box', options)],
    ['change', create],
    ['identified', (client, options) => create(client, { ...options, requestId: randomUUID() })],
  ]
  const worksHere = works.filter(([name]) => line === '0.1' || name !== 'identified')
  const here = (told: Told) => Object.fromEntries(worksHere.map(([name]) => [name, told[name]]))

  interface Setup {
    readonly client: OpenShellClient
    readonly gateway: ScriptedGateway
    /** Lets every later call be answered with this. */
    answer(how: Answer): void
    /** Lets nobody connect any more. */
    endFront(): PromiseLike<void>
  }

  /** Connects to a gateway of its own. */
  async function withClient<T>(use: (setup: Setup) => Promise<T>, stream: Script['stream'] = {}): Promise<T> {
    const { sandboxReply } = WORDS[line]
    const unary = { getSandbox: () => sandboxReply(), createSandbox: () => sandboxReply() }
    await using gateway = await startScriptedGateway(line, { unary, stream })
    let taken: Answer | undefined
    await using front = await startHttp2Front(gateway.endpoint, (stream) => {
      taken?.(stream)
      return taken !== undefined
    })
    const options = { workspace: WORKSPACE, retry: { maxAttempts: 1 } }
    await using client = await OpenShellClient.connect({ endpoint: front.endpoint, ...options })
    const answer = (how: Answer) => {
      taken = how
    }
    const endFront = () => front[Symbol.asyncDispose]()
    return await use({ client, gateway, answer, endFront })
  }

  /** What each kind of call tells, over a connection of its own. */
  async function tellAll(work: (setup: Setup, call: Work) => Promise<unknown>): Promise<object> {
    const told: [string, string][] = []
    for (const [name, call] of worksHere) {
      told.push([name, await withClient((setup) => tell(work(setup, call)))])
    }
    return Object.fromEntries(told)
  }

  test('every status of the gateway', async () => {
    const seen: Record<string, object> = {}
    await withClient(async ({ client, answer }) => {
      for (const [name, code] of STATUSES) {
        answer((stream) => status(stream, code))
        const told: [string, string][] = []
        for (const [kind, work] of worksHere) told.push([kind, await tell(work(client, {}))])
        seen[name] = Object.fromEntries(told)
      }
    })
    expect(seen).toEqual(Object.fromEntries(STATUSES.map(([name, , told]) => [name, here(told)])))
  })

  test.each(OTHERS)('%s', async (_, how, told) => {
    const seen = await tellAll(({ client, answer }, work) => {
      answer(how)
      return work(client, {})
    })
    expect(seen).toEqual(here(told))
  })

  test('a gateway that does not listen any more', async () => {
    const seen = await tellAll(async ({ client, endFront }, work) => {
      await endFront()
      await client.health().catch(() => undefined)
      return work(client, {})
    })
    expect(seen).toEqual(here(unsent('unavailable')))
  })

  test('a gateway whose encryption fails after a reconnect', async () => {
    const told: [string, string][] = []
    for (const [name, work] of worksHere) {
      await using plain = await startScriptedGateway(line)
      await using gateway = await startScriptedGateway(line, { tls })
      const { endpoint } = gateway
      await using client = await OpenShellClient.connect({ endpoint, tls: { ca: tls.ca }, workspace: WORKSPACE })
      gateway.redirect(Number(new URL(plain.endpoint).port))
      await client.health().catch(() => undefined)
      told.push([name, await tell(work(client, {}))])
    }
    expect(Object.fromEntries(told)).toEqual(here(refusal('tls')))
  })

  test('a time limit that is over before there is an answer', async () => {
    const seen = await tellAll(({ client, answer }, work) => {
      answer(SILENT)
      return work(client.with({ requestTimeoutMs: 50 }), {})
    })
    expect(seen).toEqual(here(passing('timeout')))
  })

  // A change waits for the version, and is not sent before that is known.
  test('a time limit that is over before the call is sent', async () => {
    const seen = await tellAll(async ({ client, answer }, work) => {
      answer((stream) => stream.session?.destroy())
      await client.health().catch(() => undefined)
      answer(SILENT)
      return work(client.with({ requestTimeoutMs: 50 }), {})
    })
    expect(seen).toEqual(here({ ...unsent('timeout'), read: passing('timeout').read }))
  })

  test('an abort before the call', async () => {
    const seen = await tellAll(({ client }, work) => work(client, { signal: AbortSignal.abort() }))
    expect(seen).toEqual(here(refusal('aborted')))
  })

  test('an abort during the call, and the time limit of a signal', async () => {
    const stopped = await tellAll(({ client, answer }, work) => {
      const stop = new AbortController()
      answer(() => stop.abort())
      return work(client, { signal: stop.signal })
    })
    expect(stopped).toEqual(here(final('aborted')))
    const late = await tellAll(({ client, answer }, work) => {
      answer(SILENT)
      return work(client, { signal: AbortSignal.timeout(50) })
    })
    expect(late).toEqual(here(final('timeout')))
  })

  test.each([
    ['way into the sandbox that is not there', 14, 'supervisor relay failed: "supervisor session not connected"'],
    ['way into the sandbox that nobody opens', 4, 'relay open timed out'],
  ])('a command, and a %s', async (_, code, message) => {
    const execSandbox: StreamHandler = (_, call) => failStream(call, { code, message })
    const told = await withClient(({ client }) => tell(run(client)), { execSandbox })
    expect(told).toBe(unsent(code === 14 ? 'unavailable' : 'timeout').change)
  })

  test('a command in the middle of which the connection is lost', async () => {
    const execSandbox: StreamHandler = (_, call) =>
      call.write({ payload: { case: 'stdout', value: { data: Buffer.from('so far') } } })
    const told = await withClient(
      ({ client, gateway }) => tell(run(client, { onStdout: () => gateway.dropConnections() })),
      { execSandbox },
    )
    expect(told).toBe(final('exec-result-unknown').change)
  })
})
