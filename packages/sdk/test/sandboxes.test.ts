import { defineDriverConfig } from '@openshell-ts/driver-kit'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  DriverConfigRejectedError,
  OpenShellClient,
  type SandboxProgress,
  type SandboxWarning,
  WaitFailedError,
  type WatchEvent,
} from '../src/index.js'
import { type DevStack, startDevStack, WORKSPACE } from './dev-stack.js'
import { failureOf } from './failure-of.js'
import { LINES, startLineGateway } from './line-gateway.js'

const acme = defineDriverConfig('acme', { domain: 'acme.example' })
  .version(1, Type.Object({ size: Type.Optional(Type.Number()), mode: Type.Optional(Type.String()) }), {
    examples: {
      minimal: {},
      full: { size: 1, mode: 'fast' },
      invalid: [{ value: { mode: 1 }, code: 'TYPE_MISMATCH', path: 'driver_config.mode' }],
    },
  })
  .build()
const SLEEP = { command: ['sleep', '600'] }

describe.each(LINES)('sandboxes on line %s', (line) => {
  let stack: DevStack
  beforeAll(async () => {
    stack = await startDevStack({
      line,
      config: acme,
      onCreate: ({ name }) =>
        name === 'doomed' ? { type: 'failed', reason: 'ImagePullFailed', message: 'no such image' } : undefined,
    })
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('creates a sandbox outside the default workspace, waits until it is ready, and runs a command in it', async () => {
    const progress: SandboxProgress[] = []
    await using sandbox = await stack.client.sandboxes.create(
      { ...SLEEP, name: 'first', labels: { team: 'a' }, environment: { GREETING: 'hello' } },
      { onProgress: (report) => void progress.push(report), timeoutMs: 20_000 },
    )
    expect(sandbox.info).toMatchObject({ name: 'first', workspace: WORKSPACE, phase: 'ready', labels: { team: 'a' } })
    expect(progress.at(-1)).toMatchObject({ phase: 'ready' })
    const result = await sandbox.commands.run('echo "$GREETING"; echo oops >&2; exit 3', { timeoutMs: 20_000 })
    expect(result).toMatchObject({ exitCode: 3, stdoutText: 'hello\n', stderrText: 'oops\n', timedOut: false })
  })

  test('ends the input of a command that is given none at once, and reads nothing of the process itself', async () => {
    await using sandbox = await stack.client.sandboxes.create({ ...SLEEP, name: 'eof' })
    const listeners = process.stdin.eventNames()
    expect(await sandbox.commands.run(['cat'])).toMatchObject({ exitCode: 0, stdoutText: '' })
    expect(process.stdin.eventNames()).toEqual(listeners)
  })

  test('sends a command again that did not reach the sandbox, and runs one of the same id once', async () => {
    await using sandbox = await stack.client.sandboxes.create({ ...SLEEP, name: 'exec' })
    const message = 'supervisor relay failed: "supervisor session not connected"'
    using refused = stack.gateway.faults.add({
      rpc: 'ExecSandbox',
      effect: 'status',
      code: 'UNAVAILABLE',
      message,
      times: 1,
    })
    expect(await sandbox.commands.run(['true'])).toMatchObject({ exitCode: 0 })
    expect(refused.hits).toBe(1)
    const requestId = crypto.randomUUID()
    const append = () => sandbox.commands.run('echo x >> runs', { requestId })
    if (line === '0.0') {
      expect(await failureOf(append())).toMatchObject({ kind: 'unsupported', attempts: 0 })
      return
    }
    expect(await append()).toMatchObject({ exitCode: 0 })
    expect(await failureOf(append())).toMatchObject({ kind: 'outcome-uncertain', reason: 'REQUEST_REPLAY_UNAVAILABLE' })
    expect((await sandbox.commands.run(['cat', 'runs'])).stdoutText).toBe('x\n')
  })

  test('deletes what create made when the handle is disposed, and keeps it with keep', async () => {
    const { sandboxes } = stack.client
    {
      await using _gone = await sandboxes.create({ ...SLEEP, name: 'gone' })
      await using _kept = await sandboxes.create({ ...SLEEP, name: 'kept' }, { keep: true })
    }
    await (await sandboxes.tryGet('gone'))?.waitDeleted({ timeoutMs: 10_000 })
    expect(await sandboxes.tryGet('gone')).toBeUndefined()
    const outcome = line === '0.0' ? 'accepted' : 'completed'
    expect(await sandboxes.delete('kept', { wait: true })).toMatchObject({ outcome })
    expect(await sandboxes.delete('kept')).toEqual({ outcome: 'absent' })
  })

  test('does not delete a sandbox that get found', async () => {
    await using made = await stack.client.sandboxes.create({ ...SLEEP, name: 'found' })
    {
      await using _found = await stack.client.sandboxes.get('found')
    }
    expect((await made.refresh()).phase).toBe('ready')
  })

  test('finds a sandbox by its id, and deletes none for that', async () => {
    const { sandboxes } = stack.client
    await using _other = await sandboxes.create({ ...SLEEP, name: 'other' }, { waitReady: false })
    await using made = await sandboxes.create({ ...SLEEP, name: 'by-id' })
    {
      await using found = await sandboxes.getById(made.id)
      expect([found.name, found.info.phase]).toEqual(['by-id', 'ready'])
    }
    expect((await made.refresh()).phase).toBe('ready')
    const error = await failureOf(sandboxes.getById(crypto.randomUUID()))
    expect(error).toMatchObject({ kind: 'not-found', message: expect.stringContaining(`workspace "${WORKSPACE}"`) })
  })

  test('lists with a selector, page by page', async () => {
    const { sandboxes } = stack.client
    await using _one = await sandboxes.create({ ...SLEEP, labels: { set: 'x' } }, { waitReady: false })
    await using _two = await sandboxes.create({ ...SLEEP, labels: { set: 'x' } }, { waitReady: false })
    await using _other = await sandboxes.create({ ...SLEEP, labels: { set: 'y' } }, { waitReady: false })
    const pages: number[] = []
    for await (const page of sandboxes.list({ labelSelector: 'set=x', pageSize: 1 }).pages()) pages.push(page.length)
    expect(pages).toEqual([1, 1])
    expect(await sandboxes.list({ labelSelector: 'set=x' }).toArray({ limit: 1 })).toHaveLength(1)
  })

  test('stops and starts again', async () => {
    await using sandbox = await stack.client.sandboxes.create({ ...SLEEP, name: 'twice' })
    await sandbox.stop()
    expect((await sandbox.waitStopped({ timeoutMs: 10_000 })).phase).toBe('stopped')
    await sandbox.start()
    expect((await sandbox.waitReady({ timeoutMs: 10_000 })).phase).toBe('ready')
  })

  test('watches until the sandbox is deleted', async () => {
    const sandbox = await stack.client.sandboxes.create({ ...SLEEP, name: 'seen' })
    const events: WatchEvent['type'][] = []
    for await (const event of sandbox.watch({ eventTail: 50 })) {
      if (events.length === 0) await sandbox.delete()
      events.push(event.type)
    }
    expect(events[0]).toBe('status')
    expect(events).toContain('platform-event')
    expect(events.at(-1)).toBe('deleted')
  })

  test('tells a missing sandbox from a missing workspace', async () => {
    const elsewhere = stack.client.workspace('nowhere').sandboxes
    expect(await stack.client.sandboxes.tryGet('nobody')).toBeUndefined()
    const error = await failureOf(elsewhere.tryGet('nobody'))
    expect(error).toMatchObject({ kind: 'not-found', code: 'NOT_FOUND', rpc: 'GetSandbox', sandboxName: 'nobody' })
  })

  test('names the caller and the gateway', async () => {
    expect((await stack.client.whoami()).scopes).toContain('openshell:all')
    expect((await stack.client.gatewayInfo()).computeDrivers).toMatchObject([
      { name: 'acme', driverName: 'acme', driverVersion: '1.4.0' },
    ])
  })

  test('refuses a second sandbox of the same name with kind already-exists', async () => {
    await using _first = await stack.client.sandboxes.create({ ...SLEEP, name: 'unique' }, { waitReady: false })
    expect(await failureOf(stack.client.sandboxes.create({ ...SLEEP, name: 'unique' }))).toMatchObject({
      kind: 'already-exists',
      sandboxName: 'unique',
      dispatched: false,
    })
  })

  test('fails at once when the sandbox cannot become ready, says why, and leaves nothing behind', async () => {
    const error = await failureOf(stack.client.sandboxes.create({ ...SLEEP, name: 'doomed' }))
    expect(error).toBeInstanceOf(WaitFailedError)
    expect(error).toMatchObject({ kind: 'wait-failed', sandboxName: 'doomed', lastInfo: { phase: 'error' } })
    expect(error.message).toContain('ImagePullFailed: no such image')
    await (await stack.client.sandboxes.tryGet('doomed'))?.waitDeleted({ timeoutMs: 10_000 })
    expect(await stack.client.sandboxes.tryGet('doomed')).toBeUndefined()
  })

  test('reports every problem of a spec at once, with the key and without the value', async () => {
    const environment = { '1BAD': 'x', 'BAD-NAME': 'y', OPENSHELL_X: 'z', OK: 'hunter2\0' }
    const error = await failureOf(
      stack.client.sandboxes.create({ name: 'Bad--Name', environment, command: [''], gpu: { count: 0 } }),
    )
    expect(error).toMatchObject({ kind: 'invalid-argument', attempts: 0, dispatched: false })
    expect(error.violations.map(({ field }) => field)).toEqual([
      'name',
      'name',
      'environment["1BAD"]',
      'environment["BAD-NAME"]',
      'environment.OPENSHELL_X',
      'environment.OK',
      'gpu.count',
      'command[0]',
    ])
    expect(error.message).not.toContain('hunter2')
  })

  test('reports what is wrong with a policy together with the other problems, and nothing is sent', async () => {
    const policy = { networkPolicy: {} } as object
    const both = await failureOf(stack.client.sandboxes.create({ name: 'Bad', policy }))
    expect(both.violations.map(({ field }) => field)).toEqual(['name', 'policy.networkPolicy'])
    const long = { networkPolicies: { web: { name: 'n'.repeat(262_144) } } }
    const error = await failureOf(stack.client.sandboxes.create({ image: 'i'.repeat(1_025), policy: long }))
    expect(error).toMatchObject({ kind: 'invalid-argument', dispatched: false, attempts: 0 })
    expect(error.violations).toMatchObject([{ field: 'image' }, { field: 'policy', reason: 'TOO_LONG' }])
  })

  describe('driverConfig', () => {
    test('warns about a mistyped key with the nearest name, and creates all the same', async () => {
      const heard: SandboxWarning[] = []
      await using sandbox = await stack.client.sandboxes.create(
        { ...SLEEP, driverConfig: { acmee: { size: 1 } } },
        { waitReady: false, onWarning: (warning) => void heard.push(warning) },
      )
      expect(sandbox.warnings).toEqual([
        expect.objectContaining({ type: 'no-matching-block', activeDriver: 'acme', suggestion: 'acmee' }),
      ])
      expect(heard).toEqual(sandbox.warnings)
    })

    test('sends the block of the active driver only, once the gateway has named it', async () => {
      const driverConfig = { acme: acme.block({ size: 1 }), docker: { mounts: [] } }
      await using sandbox = await stack.client.sandboxes.create({ ...SLEEP, driverConfig }, { waitReady: false })
      expect(sandbox.info.spec.driverConfig).toEqual({ acme: { schema_version: 1, size: 1 } })
      expect(sandbox.warnings).toEqual([])
    })

    test('asks for no key that the caller gives, and gets on without one that it may not ask for', async () => {
      using asked = stack.gateway.faults.add({ rpc: 'GetGatewayInfo', effect: 'status', code: 'PERMISSION_DENIED' })
      const driverConfig = { acmee: {}, docker: {} }
      for (const [options, warnings, hits] of [
        [{ activeDriver: 'acme' }, 1, 0],
        [{}, 0, 1],
      ] as const) {
        const { endpoint } = stack.gateway
        await using client = await OpenShellClient.connect({ endpoint, workspace: WORKSPACE, ...options })
        await using sandbox = await client.sandboxes.create({ ...SLEEP, driverConfig }, { waitReady: false })
        // The gateway did not name its driver, so that it gets every block.
        expect(sandbox.info.spec.driverConfig).toEqual(driverConfig)
        expect([sandbox.warnings.length, asked.hits]).toEqual([warnings, hits])
      }
    })

    test('gives back every problem that the driver reports', async () => {
      const driverConfig = { acme: { size: 'large', mod: 'x' } }
      const error = await failureOf(stack.client.sandboxes.create({ ...SLEEP, driverConfig }))
      expect(error).toBeInstanceOf(DriverConfigRejectedError)
      expect(error).toMatchObject({ kind: 'driver-config-rejected', refusal: 'schema', code: 'INVALID_ARGUMENT' })
      const { issues } = error as DriverConfigRejectedError
      expect(issues.map(({ code, path }) => [code, path])).toEqual([
        ['UNKNOWN_FIELD', 'driver_config.mod'],
        ['TYPE_MISMATCH', 'driver_config.size'],
      ])
      expect(issues[0]?.message).toContain('did you mean "mode"?')
    })

    test('is refused with the setting that the operator has to change, where callers may not send one', async () => {
      await using closed = await startLineGateway(line)
      const creating = closed.client.sandboxes.create({ driverConfig: { simulated: { size: 1 } } })
      if (line === '0.0') {
        await using _sandbox = await creating
        return
      }
      const error = await failureOf(creating)
      expect(error).toMatchObject({ kind: 'driver-config-disabled', code: 'FAILED_PRECONDITION', dispatched: false })
      expect(error.hint).toContain('allow_driver_config = true in [openshell.drivers.simulated]')
      // A block for another driver is none of the gateway's business, and neither is one with nothing in it.
      for (const driverConfig of [{ docker: { mounts: [] } }, { simulated: {} }]) {
        await using _sandbox = await closed.client.sandboxes.create({ driverConfig }, { waitReady: false })
      }
    })

    test('says what vanishes in a block of the Kubernetes driver, unless another driver is known to be active', async () => {
      const spec = { ...SLEEP, driverConfig: { kubernetes: { pod: { tolerations: [{ toleration_seconds: 1 }] } } } }
      for (const [activeDriver, types] of [
        ['kubernetes', ['block-advice']],
        ['acme', ['no-matching-block']],
      ] as const) {
        const { endpoint } = stack.gateway
        await using client = await OpenShellClient.connect({ endpoint, workspace: WORKSPACE, activeDriver })
        await using sandbox = await client.sandboxes.create(spec, { waitReady: false })
        expect(sandbox.warnings.map(({ type }) => type)).toEqual(types)
      }
    })

    test('lints with checkers before anything is sent, as warnings', async () => {
      const warnings: SandboxWarning[] = []
      const driverConfig = { acme: { sizes: 1 } }
      const creating = stack.client.sandboxes.create(
        { ...SLEEP, driverConfig },
        { checkers: [acme], onWarning: (warning) => void warnings.push(warning) },
      )
      expect(await failureOf(creating)).toMatchObject({ kind: 'driver-config-rejected' })
      expect(warnings).toEqual([
        expect.objectContaining({
          type: 'block-issue',
          driverName: 'acme',
          issue: expect.objectContaining({ code: 'UNKNOWN_FIELD', path: 'driver_config.sizes' }),
        }),
      ])
    })

    test('refuses what protobuf would change silently, with the path', async () => {
      const driverConfig = { acme: { size: Number.NaN } }
      expect(await failureOf(stack.client.sandboxes.create({ driverConfig }))).toMatchObject({
        kind: 'invalid-argument',
        violations: [{ field: 'driver_config.acme.size', reason: 'NOT_JSON' }],
      })
    })

    test('measures an envelope as it is encoded, not as JSON text', async () => {
      const fits = { other: { text: 'x'.repeat(65_536 - 37) } }
      const error = await failureOf(
        stack.client.sandboxes.create({ driverConfig: { other: { text: 'x'.repeat(65_536) } } }),
      )
      expect(error.violations).toEqual([
        { field: 'driverConfig', reason: 'TOO_LONG', description: expect.stringMatching(/\(\d+ > 65536\)$/) },
      ])
      await using sandbox = await stack.client.sandboxes.create({ ...SLEEP, driverConfig: fits }, { waitReady: false })
      expect(sandbox.warnings).toHaveLength(1)
    })
  })
})
