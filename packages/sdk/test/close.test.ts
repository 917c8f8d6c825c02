import { setImmediate } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { OpenShellClient, OpenShellError } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { SandboxPhase, WORDS } from './line-words.js'
import { startScriptedGateway } from './scripted-gateway.js'

const ROUNDS = 200

function watchForStrayErrors(): unknown[] {
  const stray: unknown[] = []
  const listen = (reason: unknown) => stray.push(reason)
  process.on('unhandledRejection', listen)
  onTestFinished(() => void process.off('unhandledRejection', listen))
  return stray
}

async function kindOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    return error instanceof OpenShellError ? error.kind : String(error)
  }
}

function without(kinds: ReadonlySet<string>, ...expected: readonly string[]): string[] {
  return [...kinds].filter((kind) => !expected.includes(kind))
}

async function readAll(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events);
}

// Runs a step after a number of turns of the event loop that differs from round to round.
async function afterTurns(turns: number, step: () => void): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate()
  step()
}

describe.each(LINES)('close on line %s', (line) => {
  const getSandbox = () => WORDS[line].sandboxReply()

  test('ends calls with kind closed, and later ones before they are sent', async () => {
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox: () => new Promise<object>(() => {}) },
    })
    const client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    const running = failureOf(client.sandboxes.get('box'))
    await afterTurns(5, () => void client.close())
    expect(await running).toMatchObject({ kind: 'closed', retryable: false })
    expect(await failureOf(client.health())).toMatchObject({ kind: 'closed', dispatched: false, attempts: 0 })
    await client.close()
    expect(gateway.accepted).toBe(1)
  })

  test(`races with calls ${ROUNDS} times without a stray rejection, and opens no connection behind itself`, async () => {
    const stray = watchForStrayErrors()
    await using gateway = await startScriptedGateway(line, { unary: { getSandbox } })
    const kinds = new Set<string>()
    for (let round = 0; round < ROUNDS; round += 1) {
      const client = await OpenShellClient.connect({
        endpoint: gateway.endpoint,
        workspace: WORKSPACE,
        retry: { maxAttempts: 1 },
      })
      const calls = [client.sandboxes.get('box'), client.sandboxes.get('box'), client.health()].map(kindOf)
      await afterTurns((round % 10) * 4, () => void client.close())
      for (const kind of await Promise.all(calls)) kinds.add(kind)
    }
    expect(kinds).toContain('closed')
    expect(without(kinds, 'closed', 'done')).toEqual([])
    expect(gateway.accepted).toBe(ROUNDS)
    expect(stray).toEqual([])
  })

  test(`aborts calls ${ROUNDS} times without a stray rejection, and the client stays usable`, async () => {
    const stray = watchForStrayErrors()
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox },
      stream: { watchSandbox: () => undefined, execSandbox: () => undefined },
    })
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    const sandbox = await client.sandboxes.get('box')
    const kinds = new Set<string>()
    for (let round = 0; round < ROUNDS; round += 1) {
      const stop = new AbortController()
      const { signal } = stop
      const calls = [
        sandbox.refresh({ signal }),
        sandbox.waitReady({ signal }),
        sandbox.commands.run(['true'], { signal }),
      ].map(kindOf)
      await afterTurns((round % 10) * 4, () => stop.abort())
      for (const kind of await Promise.all(calls)) kinds.add(kind)
    }
    expect(kinds).toContain('aborted')
    expect(without(kinds, 'aborted', 'done')).toEqual([])
    expect((await sandbox.refresh()).name).toBe('box')
    expect(gateway.accepted).toBe(1)
    expect(stray).toEqual([])
  })

  // A watch is read without an end, so that it is always in the middle of something.
  test(`ends a watch ${ROUNDS} times, by close, abort and leaving, without a stray rejection`, async () => {
    const stray = watchForStrayErrors()
    const { logEvent, statusEvent } = WORDS[line]
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox },
      stream: {
        watchSandbox: (_, call) => {
          call.write(statusEvent(SandboxPhase.READY))
          for (let at = 1; at <= 20; at += 1) call.write(logEvent(`line ${at}`, at))
        },
      },
    })
    const kinds = new Set<string>()
    for (let round = 0; round < ROUNDS; round += 1) {
      const client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
      const sandbox = await client.sandboxes.get('box')
      const stop = new AbortController()
      const watch = sandbox.watch({ logs: true, signal: stop.signal })
      const reading = kindOf(readAll(watch))
      const ends = [() => client.close(), () => stop.abort(), () => watch.return()]
      await afterTurns(Math.floor(round / 3) % 40, () => void ends[round % 3]?.())
      // A generator that waits for an event is left when that has come, or when the client closes.
      if (round % 3 === 2) await client.close()
      kinds.add(await reading)
      await client.close()
    }
    expect(without(kinds, 'aborted', 'closed', 'done')).toEqual([])
    expect(kinds).toContain('aborted')
    expect(kinds).toContain('closed')
    expect(stray).toEqual([])
  })

  test('loses its connection again and again while calls run, without a stray error', async () => {
    const stray = watchForStrayErrors()
    await using gateway = await startScriptedGateway(line, { unary: { getSandbox } })
    await using client = await OpenShellClient.connect({
      endpoint: gateway.endpoint,
      workspace: WORKSPACE,
      retry: { maxAttempts: 1 },
    })
    const kinds = new Set<string>()
    for (let round = 0; round < ROUNDS; round += 1) {
      const calls = [client.sandboxes.get('box'), client.health()].map(kindOf)
      await afterTurns(round % 5, () => gateway.dropConnections())
      for (const kind of await Promise.all(calls)) kinds.add(kind)
    }
    expect(kinds).toContain('unavailable')
    expect(without(kinds, 'unavailable', 'done')).toEqual([])
    expect((await client.health()).status).toBe('healthy')
    expect(stray).toEqual([])
  })
})

test(`connecting is given up ${ROUNDS} times, while a token is fetched and later, and leaves no connection`, async () => {
  const stray = watchForStrayErrors()
  await using gateway = await startScriptedGateway('0.1')
  const getToken = async () => {
    await setImmediate()
    return 'token'
  }
  const giveUp = async (turns: number) => {
    const stop = new AbortController()
    const { signal } = stop
    const options = { endpoint: gateway.endpoint, workspace: WORKSPACE, auth: { type: 'bearer', getToken } } as const
    const kind = kindOf(OpenShellClient.connect({ ...options, signal }).then((client) => client.close()))
    await afterTurns(turns, () => stop.abort())
    return kind
  }
  const kinds = new Set<string>()
  for (let round = 0; round < ROUNDS; round += 20) {
    for (const kind of await Promise.all(Array.from({ length: 20 }, (_, turns) => giveUp(turns * 3)))) kinds.add(kind)
  }
  expect(kinds).toContain('aborted')
  expect(without(kinds, 'aborted', 'done')).toEqual([])
  await expect.poll(() => gateway.open).toBe(0)
  expect(stray).toEqual([])
})
