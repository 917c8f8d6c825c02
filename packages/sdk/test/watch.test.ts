import { createSimulatedDriver, type SimulatedDriver } from '@openshell-ts/dev-gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WatchEvent } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, type LineGateway, startLineGateway } from './line-gateway.js'

const LIMIT = { timeoutMs: 15_000 }

/** What happened, in the order of a watch, without the states. */
function describeEvent(event: WatchEvent): string | undefined {
  if (event.type === 'platform-event') return event.event.message
  if (event.type === 'gap') return `gap ${event.reason}`
  return event.type === 'reconnected' ? 'reconnected' : undefined
}

describe.each(LINES)('watches on line %s', (line) => {
  let driver: SimulatedDriver
  let stack: LineGateway
  beforeAll(async () => {
    driver = createSimulatedDriver()
    const retry = { baseDelayMs: 5 }
    stack = await startLineGateway(line, { gateway: { drivers: [driver] }, connect: { retry } })
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  /** Reads until the message arrives; `after` runs when another message has arrived. */
  async function readUntil(
    events: AsyncIterable<WatchEvent>,
    last: string,
    after: Readonly<Record<string, () => unknown>>,
  ): Promise<string[]> {
    const seen: string[] = []
    for await (const event of events) {
      const name = event.type === 'status' && seen.length === 0 ? 'first state' : describeEvent(event)
      if (name === undefined) continue
      seen.push(name)
      await after[name]?.()
      if (name === last) break
    }
    return seen.filter((name) => name !== 'first state')
  }

  test('deliver what happened while the stream was lost, and nothing twice', async () => {
    await using sandbox = await stack.client.sandboxes.create({ name: 'followed' })
    const emit = (message: string) => driver.emitEvent(sandbox.id, { reason: 'Told', message })
    // The first stream ends after the snapshot and one event.
    using _ended = stack.gateway.faults.add({ rpc: 'WatchSandbox', effect: 'end-early', messages: 2, times: 1 })
    const seen = await readUntil(sandbox.watch({ status: false, signal: AbortSignal.timeout(15_000) }), 'three', {
      'first state': () => emit('one'),
      one: () => {
        emit('two')
        emit('three')
      },
    })
    expect(seen).toEqual(['one', 'reconnected', 'two', 'three'])
  })

  test('say once that events may be missing when the gateway starts anew, and go on', async () => {
    await using sandbox = await stack.client.sandboxes.create({ name: 'restarted' })
    const emit = (message: string) => driver.emitEvent(sandbox.id, { reason: 'Told', message })
    const seen = await readUntil(sandbox.watch({ signal: AbortSignal.timeout(15_000) }), 'after', {
      'first state': () => emit('before'),
      before: () => {
        // What a gateway answers that does not know the place of the watch any more.
        if (line === '0.1') {
          stack.gateway.faults.add({ rpc: 'WatchSandbox', effect: 'status', code: 'OUT_OF_RANGE', times: 1 })
        }
        void stack.gateway.restart({ kill: true })
      },
      reconnected: () => emit('after'),
    })
    const expected = line === '0.1' ? ['gap cursor-lost', 'reconnected'] : ['reconnected', 'gap buffer-trimmed']
    expect(seen).toEqual(['before', ...expected, 'after'])
  })

  test('start anew where their place is taken for that of another sandbox, and fail where they gave none', async () => {
    await using sandbox = await stack.client.sandboxes.create({ name: 'misplaced' })
    const emit = (message: string) => driver.emitEvent(sandbox.id, { reason: 'Told', message })
    const ends = { rpc: 'WatchSandbox', times: 1 } as const
    using _ended = stack.gateway.faults.add({ ...ends, effect: 'end-early', messages: 2 })
    using _refused = stack.gateway.faults.add({ ...ends, effect: 'status', code: 'INVALID_ARGUMENT' })
    const seen = readUntil(sandbox.watch({ status: false, signal: AbortSignal.timeout(15_000) }), 'two', {
      'first state': () => emit('one'),
      reconnected: () => emit('two'),
    })
    if (line === '0.1') expect(await seen).toEqual(['one', 'gap cursor-lost', 'reconnected', 'two'])
    else expect(await failureOf(seen)).toMatchObject({ kind: 'invalid-argument', rpc: 'WatchSandbox' })
  })

  test('end with the sandbox', async () => {
    const sandbox = await stack.client.sandboxes.create({ name: 'ending' })
    const types: string[] = []
    for await (const event of sandbox.watch({ signal: AbortSignal.timeout(15_000) })) {
      if (types.length === 0) await sandbox.delete()
      types.push(event.type)
    }
    expect([types[0], types.at(-1)]).toEqual(['status', 'deleted'])
  })

  test('waitCompleted gives the exit code of the main process as a result', async () => {
    for (const code of [0, 3]) {
      await using sandbox = await stack.client.sandboxes.create({ command: ['true'] })
      driver.exitMainProcess(sandbox.id, code)
      expect((await sandbox.waitCompleted(LIMIT)).exitCode).toBe(code)
      const phase = line === '0.1' && code === 0 ? 'completed' : 'error'
      expect(sandbox.info.phase).toBe(phase)
    }
  })

  test('waitCompleted fails for a sandbox that did not come to its own end', async () => {
    await using sandbox = await stack.client.sandboxes.create({ name: 'stopped' })
    await sandbox.stop()
    expect(await failureOf(sandbox.waitCompleted(LIMIT))).toMatchObject({ kind: 'wait-failed' })
  })

  test.each([0, 3])(
    'waitReady fails at once, with phase and exit code, when the work is done with %i',
    async (code) => {
      await using sandbox = await stack.client.sandboxes.create({ name: `quick-${code}` }, { waitReady: false })
      await sandbox.waitReady(LIMIT)
      driver.exitMainProcess(sandbox.id, code)
      await sandbox.waitCompleted(LIMIT)
      const phase = line === '0.1' && code === 0 ? 'completed' : 'error'
      const error = await failureOf(sandbox.waitReady(LIMIT))
      expect(error).toMatchObject({ kind: 'wait-failed', retryable: false, lastInfo: { phase, exitCode: code } })
      expect(error.message).toContain(`its main process has ended, with exit code ${code}`)
      expect(error.hint).toContain('waitCompleted')
    },
  )

  test('logs are read with their total, and nothing matching is no error', async () => {
    await using sandbox = await stack.client.sandboxes.create({ name: 'logged' })
    const all = await sandbox.logs()
    expect(all.bufferTotal).toBe(all.lines.length)
    expect(await sandbox.logs({ since: new Date(Date.now() + 3_600_000) })).toMatchObject({ lines: [] })
    expect(await failureOf(sandbox.logs({ line: 1 } as object))).toMatchObject({ kind: 'configuration' })
  })

  test('suspend and resume name the version that brought them', async () => {
    await using sandbox = await stack.client.sandboxes.create({ name: 'awake' }, { waitReady: false })
    for (const call of [sandbox.suspend(), sandbox.resume()]) {
      const error = await failureOf(call)
      expect(error).toMatchObject({ kind: 'unsupported', attempts: 0 })
      expect(error.message).toContain('0.1.6')
    }
  })
})
