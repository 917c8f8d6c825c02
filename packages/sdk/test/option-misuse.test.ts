import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, type LineGateway, startLineGateway, WORKSPACE } from './line-gateway.js'
import { METHODS_WITH_ARGUMENTS, VALUES } from './methods-with-arguments.js'
import { type Call, METHODS_WITH_OPTIONS, type Parts } from './methods-with-options.js'

/** Methods that take nothing. */
const WITHOUT_ARGUMENTS: readonly string[] = [
  'client.close',
  'forward.close',
  'handle.cancel',
  'handle.detach',
  'handle.wait',
  'list.pages',
  'sandbox.resume',
  'sandbox.suspend',
  'terminal.closeInput',
]

/** Of the values that are tried, those that an option takes; none for the others. */
const ACCEPTED: Readonly<Record<string, readonly (keyof typeof TRIED)[]>> = {
  ...Object.fromEntries(
    'allowMissing allowOutside allowRemote check createParents events includeSecurityFlagged keep killable loginShell logs recursive status tty wait waitReady'
      .split(' ')
      .map((flag) => [flag, ['true']]),
  ),
  ...Object.fromEntries(
    'onConnectionError onProgress onStderr onStdout onWarning'.split(' ').map((name) => [name, ['function']]),
  ),
  ...Object.fromEntries(
    'cwd minimumLevel minimumLogLevel reason stdin'.split(' ').map((name) => [name, ['word', 'empty']]),
  ),
  ...Object.fromEntries('annotations environment labels'.split(' ').map((name) => [name, ['object']])),
  ...Object.fromEntries('checkers logSources sources'.split(' ').map((name) => [name, ['list']])),
  ...Object.fromEntries('idleTimeoutMs timeoutMs pageSize'.split(' ').map((name) => [name, ['half', 'Infinity']])),
  labelSelector: ['empty'],
  maxOutputBytes: ['Infinity'],
  lines: [],
  'status of drafts.read': ['word', 'empty'],
}

const TRIED = {
  null: null,
  NaN: Number.NaN,
  negative: -1,
  Infinity: Number.POSITIVE_INFINITY,
  half: 1.5,
  word: 'x',
  empty: '',
  true: true,
  object: {},
  list: [],
  function: () => 1,
} as const

describe.each(LINES)('every method, on line %s,', (line) => {
  let stack: LineGateway
  let box: Sandbox
  let parts: Parts
  const sent: string[] = []

  beforeAll(async () => {
    stack = await startLineGateway(line, {
      connect: {
        interceptors: [
          ({ rpc }, next) => {
            sent.push(rpc)
            return next()
          },
        ],
      },
    })
    const { client } = stack
    box = await client.sandboxes.create({ name: 'box' })
    const handle = await box.commands.start(['true'], { killable: true })
    const terminal = await box.commands.interactive(['true'])
    const session = await box.ssh.createSession()
    const forward = await box.ports.forward({ targetPort: 9 })
    parts = { client, box, handle, terminal, session, forward, list: client.sandboxes.list() }
    // They send nothing by themselves any more.
    await Promise.all([handle, terminal, forward].map((each) => each[Symbol.asyncDispose]()))
  })
  afterAll(() => stack?.[Symbol.asyncDispose]())

  /** What each method answers to the same options; nothing may be sent for any. */
  async function ask(options: unknown): Promise<Record<string, { kind: string; fields: string[]; sent: number }>> {
    const answers: [string, { kind: string; fields: string[]; sent: number }][] = []
    for (const [name, call] of Object.entries(METHODS_WITH_OPTIONS)) {
      sent.length = 0
      const error = await failureOf((async () => call(parts, options as never))()).catch((other: unknown) => ({
        kind: String(other),
        violations: [],
      }))
      answers.push([name, { kind: error.kind, fields: error.violations.map(({ field }) => field), sent: sent.length }])
    }
    return Object.fromEntries(answers)
  }

  const everyMethod = (answer: object) =>
    Object.fromEntries(Object.keys(METHODS_WITH_OPTIONS).map((name) => [name, answer]))

  test('is among those that are tried here', () => {
    const { client, handle, terminal, session, forward, list } = parts
    const nouns: Readonly<Record<string, object>> = {
      client,
      raw: client.raw,
      sandboxes: client.sandboxes,
      sandbox: box,
      commands: box.commands,
      files: box.files,
      ports: box.ports,
      ssh: box.ssh,
      services: box.services,
      'sandbox.providers': box.providers,
      policy: box.policy,
      drafts: box.drafts,
      'sandbox.settings': box.settings,
      providers: client.providers,
      refresh: client.providers.refresh,
      profiles: client.profiles,
      templates: client.templates,
      inference: client.inference,
      workspaces: client.workspaces,
      members: client.workspaces.members(WORKSPACE),
      admin: client.admin,
      'admin.settings': client.admin.settings,
      'admin.policy': client.admin.policy,
      handle,
      terminal,
      session,
      forward,
      list,
    }
    const methods = Object.entries(nouns).flatMap(([noun, object]) =>
      Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object)))
        .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
        .map(([name]) => `${noun}.${name}`),
    )
    const tried = { ...METHODS_WITH_OPTIONS, ...METHODS_WITH_ARGUMENTS }
    expect(methods.filter((method) => !(method in tried)).sort()).toEqual(WITHOUT_ARGUMENTS)
  })

  test('refuses an option that it does not have', async () => {
    expect(await ask({ sgnal: 1 })).toEqual(everyMethod({ kind: 'configuration', fields: ['sgnal'], sent: 0 }))
  })

  test('refuses options that are none', async () => {
    expect(await ask(null)).toEqual(everyMethod({ kind: 'configuration', fields: ['options'], sent: 0 }))
  })

  test('refuses a signal that is none', async () => {
    expect(await ask({ signal: {} })).toEqual(everyMethod({ kind: 'configuration', fields: ['signal'], sent: 0 }))
  })

  test('sends nothing when its signal has aborted', async () => {
    const answers = await ask({ signal: AbortSignal.abort() })
    const missing = line === '0.0' ? /^templates|readiness|waitReady/ : /^inference/
    for (const [name, { kind, sent: calls }] of Object.entries(answers)) {
      const kinds = missing.test(name) ? ['aborted', 'unsupported'] : ['aborted']
      expect.soft(kinds, name).toContain(kind)
      expect.soft(calls, name).toBe(0)
    }
  })

  /** How a call with something in the place of what it takes fails, and what was sent all the same. */
  async function misuse(call: Call, value: unknown): Promise<string> {
    sent.length = 0
    const work = (async () => call(parts, value as never))()
    const failure = await failureOf(work).catch((other: unknown) => String(other))
    if (typeof failure === 'string') return failure
    const { kind, violations } = failure
    const known = kind === 'configuration' || kind === 'invalid-argument'
    return [known ? 'refused' : failure.message, ...violations.map(({ field }) => field), ...sent].join(' ')
  }

  test('refuses what is none of its options by the name of the option', async () => {
    const answers: Record<string, string> = {}
    for (const [method, call] of Object.entries(METHODS_WITH_OPTIONS)) {
      const told = await failureOf((async () => call(parts, { qqzzqq: 1 } as never))())
      const options = /known options: (.*?)(?:;|$)/.exec(told.message)?.[1]?.split(', ') ?? []
      expect.soft(options, method).toContain('signal')
      for (const option of options) {
        const accepted = ACCEPTED[`${option} of ${method}`] ?? ACCEPTED[option] ?? []
        for (const [sort, value] of Object.entries(TRIED)) {
          if (accepted.some((each) => each === sort)) continue
          const answer = await misuse(call, { [option]: value })
          if (answer !== `refused ${option}`) answers[`${method}: ${option} ${sort}`] = answer
        }
      }
    }
    expect(answers).toEqual({})
  })

  test('refuses what is none of its arguments by the name of the argument', async () => {
    const answers: Record<string, string> = {}
    for (const [method, args] of Object.entries(METHODS_WITH_ARGUMENTS)) {
      for (const [field, give, ...accepted] of args) {
        for (const [sort, value] of Object.entries(VALUES)) {
          if (accepted.some((each) => each === sort)) continue
          const answer = await misuse(give, value)
          if (!answer.startsWith(`refused ${field}`) || sent.length > 0) answers[`${method}: ${field} ${sort}`] = answer
        }
      }
    }
    expect(answers).toEqual({})
  })

  test.each<[string, object, string]>([
    ['sandbox.watch', { minimumLogLevel: 'WARN', logTailLines: 5 }, 'logTailLines minimumLogLevel'],
    ['sandbox.watch', { logs: false, logSince: new Date(), logSources: ['sandbox'] }, 'logSince logSources'],
    ['sandbox.watch', { events: false, eventTail: 5 }, 'eventTail'],
    ['commands.interactive', { tty: false, cols: 80, rows: 24 }, 'cols rows'],
    ['commands.run', { tty: true, onStderr: () => undefined }, 'onStderr'],
    ['sandboxes.create', { waitReady: false, timeoutMs: 0, onProgress: () => undefined }, 'timeoutMs onProgress'],
    ['sandboxes.createOnce', { waitReady: false, idleTimeoutMs: 5 }, 'idleTimeoutMs'],
    ['sandboxes.create', { onBlockIssue: 'refuse' }, 'onBlockIssue'],
    ['templates.create', { onBlockIssue: 'warn' }, 'onBlockIssue'],
    ['sandboxes.delete', { wait: false, timeoutMs: 5 }, 'timeoutMs'],
    ['sandbox.delete', { idleTimeoutMs: 5, onProgress: () => undefined }, 'idleTimeoutMs onProgress'],
    ['ports.forward', { allowRemote: true }, 'allowRemote'],
  ])('%s refuses what has no effect in %j', async (method, options, fields) => {
    const call = METHODS_WITH_OPTIONS[method]
    expect(call && (await misuse(call, options))).toBe(`refused ${fields}`)
  })

  test('says which call takes the limits of a wait that is not asked for', async () => {
    const { sandboxes } = stack.client
    const created = await failureOf(sandboxes.create({}, { waitReady: false, timeoutMs: 5 }))
    expect(created.hint).toContain('sandbox.waitReady')
    expect((await failureOf(box.delete({ timeoutMs: 5 }))).hint).toContain('sandbox.waitDeleted')
  })

  test('names clientChecks where it turns a check off, and nowhere else', async () => {
    const { client } = stack
    const [checked, ...always] = await Promise.all(
      [
        () => client.sandboxes.create({ name: 'No' }),
        () => client.sandboxes.createOnce({ name: '' }),
        () => client.workspace(''),
        () => client.providers.update('keys', {}, { expectedResourceVersion: 'x' }),
        () => client.admin.settings.set('a', 1.5),
        () => box.ports.connect({ targetPort: 0 }),
        () => box.files.read('a\0'),
      ].map((call) => failureOf((async () => call())())),
    )
    expect(checked?.hint).toContain("clientChecks: 'off'")
    expect(always.map(({ hint }) => hint)).toEqual(always.map(() => 'Nothing was sent.'))
  })
})
