import type { DevGatewayFault } from '@openshell-ts/dev-gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, type LineGateway, startLineGateway } from './line-gateway.js'

const MAX_ATTEMPTS = 3
const CREATED = { waitReady: false, keep: true } as const

describe.each(LINES)('retries on line %s', (line) => {
  let stack: LineGateway
  beforeAll(async () => {
    stack = await startLineGateway(line, { connect: { retry: { maxAttempts: MAX_ATTEMPTS, baseDelayMs: 1 } } })
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  const idsOf = async (name: string) => {
    const ids: string[] = []
    for await (const sandbox of stack.client.sandboxes.list()) if (sandbox.name === name) ids.push(sandbox.id)
    return ids
  }
  const fault = (added: DevGatewayFault) => stack.gateway.faults.add(added)

  test('a create whose answer is lost happens once: sent again with its id, or left to the caller', async () => {
    using _lost = fault({ rpc: 'CreateSandbox', effect: 'drop-after-commit', times: 1 })
    const creating = stack.client.sandboxes.create({ name: 'lost' }, CREATED)
    if (line === '0.1') expect((await creating).name).toBe('lost')
    else expect(await failureOf(creating)).toMatchObject({ kind: 'unavailable', dispatched: true, attempts: 1 })
    expect(await idsOf('lost')).toHaveLength(1)
  })

  test.each(['drop-before-commit', 'drop-after-commit'] as const)(
    'createOnce settles %s of a create',
    async (effect) => {
      const name = `once-${effect.slice(5, 8)}`
      {
        using lost = fault({ rpc: 'CreateSandbox', effect, times: 1 })
        await using sandbox = await stack.client.sandboxes.createOnce({ name }, CREATED)
        expect(lost.hits).toBe(1)
        const again = await stack.client.sandboxes.createOnce({ name }, CREATED)
        expect(again.id).toBe(sandbox.id)
      }
      expect(await idsOf(name)).toHaveLength(1)
    },
  )

  test('createOnce deletes at disposal what it made, and not what it found', async () => {
    await using made = await stack.client.sandboxes.createOnce({ name: 'owned' }, { waitReady: false })
    {
      await using _found = await stack.client.sandboxes.createOnce({ name: 'owned' }, { waitReady: false })
    }
    expect(await idsOf('owned')).toEqual([made.id])
    await made.waitReady({ timeoutMs: 10_000 })
    await made.stop()
    // One that it found stays, although it cannot become ready.
    expect(await failureOf(stack.client.sandboxes.createOnce({ name: 'owned' }))).toMatchObject({ kind: 'wait-failed' })
    expect(await idsOf('owned')).toEqual([made.id])
    await made[Symbol.asyncDispose]()
    await made.waitDeleted({ timeoutMs: 10_000 })
  })

  test('createOnce creates for NOT_FOUND alone', async () => {
    using create = fault({ rpc: 'CreateSandbox', effect: 'status', code: 'INTERNAL' })
    for (const code of ['RESOURCE_EXHAUSTED', 'UNAUTHENTICATED', 'DEADLINE_EXCEEDED', 'PERMISSION_DENIED'] as const) {
      using _look = fault({ rpc: 'GetSandbox', effect: 'status', code })
      expect(await failureOf(stack.client.sandboxes.createOnce({ name: 'absent' }))).toMatchObject({ code })
    }
    expect(create.hits).toBe(0)
    expect((await failureOf(stack.client.sandboxes.createOnce({ name: 'absent' }))).code).toBe('INTERNAL')
  })

  test('createOnce says when even the look is lost', async () => {
    using _create = fault({ rpc: 'CreateSandbox', effect: 'drop-after-commit', times: line === '0.1' ? 3 : 1 })
    using _look = fault({
      rpc: 'GetSandbox',
      effect: 'status',
      code: 'NOT_FOUND',
      message: 'sandbox not found',
      times: 1,
    })
    using _after = fault({ rpc: 'GetSandbox', effect: 'drop-before-commit' })
    expect(await failureOf(stack.client.sandboxes.createOnce({ name: 'open' }, CREATED))).toMatchObject({
      kind: 'outcome-uncertain',
      dispatched: true,
    })
  })

  test.each([
    ['INVALID_ARGUMENT', 1],
    ['ABORTED', 1],
    ['RESOURCE_EXHAUSTED', 1],
    ['UNAVAILABLE', line === '0.1' ? MAX_ATTEMPTS : 1],
  ] as const)('a create that fails with %s is sent %i times, and says so', async (code, attempts) => {
    using refused = fault({ rpc: 'CreateSandbox', effect: 'status', code })
    const error = await failureOf(stack.client.sandboxes.create({ name: 'refused' }))
    expect({ code: error.code, attempts: error.attempts, hits: refused.hits }).toEqual({
      code,
      attempts,
      hits: attempts,
    })
  })

  test('a deletion is asked for again after a conflict, once the sandbox was looked at', async () => {
    const sandbox = await stack.client.sandboxes.create({ name: 'torn' }, CREATED)
    {
      using always = fault({ rpc: 'DeleteSandbox', effect: 'status', code: 'ABORTED' })
      expect(await failureOf(sandbox.delete())).toMatchObject({ kind: 'conflict', attempts: MAX_ATTEMPTS })
      expect(always.hits).toBe(MAX_ATTEMPTS)
    }
    using _twice = fault({ rpc: 'DeleteSandbox', effect: 'status', code: 'ABORTED', times: 2 })
    expect((await sandbox.delete({ wait: true })).outcome).toMatch(/accepted|completed/)
  })

  test('a deletion whose answer is lost is settled by looking', async () => {
    const sandbox = await stack.client.sandboxes.create({ name: 'parted' }, CREATED)
    using _lost = fault({ rpc: 'DeleteSandbox', effect: 'drop-after-commit', times: 1 })
    expect((await sandbox.delete()).outcome).toMatch(/accepted|completed/)
    await sandbox.waitDeleted({ timeoutMs: 10_000 })
  })

  test('an attempt that gets no answer is given up and sent again, where that happens once', async () => {
    const { sandboxes } = await connectAgain({ attemptTimeoutMs: 1_500 })
    using silent = fault({ rpc: 'CreateSandbox', effect: 'half-open', times: 1 })
    const creating = sandboxes.create({ name: 'silent' }, CREATED)
    if (line === '0.1') expect((await creating).name).toBe('silent')
    else expect(await failureOf(creating)).toMatchObject({ kind: 'timeout', dispatched: true, attempts: 1 })
    expect(silent.hits).toBe(1)
    expect(await idsOf('silent')).toHaveLength(1)
  })

  test('an id of the caller lets a change happen once over two clients, and is refused where it has no effect', async () => {
    const requestId = '7d3f2c1a-94f0-4d0c-9a41-2f52f2a5a001'
    const { sandboxes } = stack.client
    const first = sandboxes.create({ name: 'named' }, { ...CREATED, requestId })
    if (line === '0.0') {
      expect(await failureOf(first)).toMatchObject({ kind: 'unsupported', attempts: 0, dispatched: false })
      return
    }
    const again = await (await connectAgain({})).sandboxes.create({ name: 'named' }, { ...CREATED, requestId })
    expect(again.id).toBe((await first).id)
    expect(await failureOf(sandboxes.create({ name: 'other' }, { ...CREATED, requestId }))).toMatchObject({
      kind: 'invalid-argument',
      reason: 'REQUEST_ID_PAYLOAD_MISMATCH',
      requestId,
      hint: expect.stringContaining('requestId'),
    })
  })

  test('an id of the caller that is no UUID is refused before anything is sent', async () => {
    using create = fault({ rpc: 'CreateSandbox', effect: 'status', code: 'INTERNAL' })
    for (const requestId of ['', 'once', '00000000-0000-0000-0000-000000000000']) {
      const error = await failureOf(stack.client.sandboxes.create({}, { requestId }))
      expect(error).toMatchObject({ kind: 'configuration', violations: [{ field: 'requestId' }], attempts: 0 })
    }
    expect(create.hits).toBe(0)
  })

  test('an SSH session is asked for and taken back again; a forward and a terminal are not opened twice', async () => {
    const sandbox = await stack.client.sandboxes.create({ name: 'inside' }, { ...CREATED, waitReady: true })
    const lost = { effect: 'status', code: 'UNAVAILABLE', message: 'supervisor relay failed: gone' } as const
    using created = fault({ ...lost, rpc: 'CreateSshSession', times: 1 })
    using revoked = fault({ ...lost, rpc: 'RevokeSshSession', times: 1 })
    await (await sandbox.ssh.createSession()).revoke()
    using forward = fault({ ...lost, rpc: 'ForwardTcp' })
    expect(await failureOf(sandbox.ports.connect({ targetPort: 9 }))).toMatchObject({ kind: 'unavailable' })
    using terminal = fault({ ...lost, rpc: 'ExecSandboxInteractive' })
    const command = await sandbox.commands.interactive(['true'])
    expect(await failureOf(command.wait())).toMatchObject({ kind: 'unavailable', dispatched: false })
    expect([created, revoked, forward, terminal].map(({ hits }) => hits)).toEqual([1, 1, 1, 1])
  })

  test('a lost connection is no abort, and an abort no lost connection', async () => {
    const sandbox = await stack.client.sandboxes.create({ name: 'read' }, CREATED)
    {
      using dropped = fault({ rpc: 'GetSandbox', effect: 'drop-before-commit' })
      expect(await failureOf(sandbox.refresh())).toMatchObject({ kind: 'unavailable', attempts: MAX_ATTEMPTS })
      expect(dropped.hits).toBe(MAX_ATTEMPTS)
    }
    using _silent = fault({ rpc: 'GetSandbox', effect: 'half-open' })
    const stop = new AbortController()
    const reading = failureOf(sandbox.refresh({ signal: stop.signal }))
    stop.abort(new Error('enough'))
    expect(await reading).toMatchObject({ kind: 'aborted', retryable: false, cause: { message: 'enough' } })
  })

  test('a name in use is refused with the phase of the sandbox that has it', async () => {
    await stack.client.sandboxes.create({ name: 'taken' }, { ...CREATED, waitReady: true })
    const error = await failureOf(stack.client.sandboxes.create({ name: 'taken' }))
    expect(error).toMatchObject({ kind: 'already-exists', hint: expect.stringContaining('phase ready') })
  })

  test('who looks for a sandbox whose create failed is told so', async () => {
    using _refused = fault({ rpc: 'CreateSandbox', effect: 'status', code: 'FAILED_PRECONDITION', message: 'no GPUs' })
    await failureOf(stack.client.sandboxes.create({ name: 'missed' }))
    const error = await failureOf(stack.client.sandboxes.get('missed'))
    expect(error).toMatchObject({ kind: 'not-found', hint: expect.stringContaining('FAILED_PRECONDITION') })
    expect(error.message).toContain('"missed" in workspace "team-a"')
  })

  async function connectAgain(retry: { readonly attemptTimeoutMs?: number }) {
    const client = await OpenShellClient.connect({
      endpoint: stack.gateway.endpoint,
      workspace: 'team-a',
      retry: { maxAttempts: MAX_ATTEMPTS, baseDelayMs: 1, ...retry },
    })
    clients.push(client)
    return client
  }
  const clients: { close(): Promise<void> }[] = []
  afterAll(() => Promise.all(clients.map((client) => client.close())))
})
