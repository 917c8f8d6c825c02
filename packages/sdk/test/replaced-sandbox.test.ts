import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../src/index.js'
import { type DevStack, startDevStack } from './dev-stack.js'
import { failureOf } from './failure-of.js'
import { LINES } from './line-gateway.js'

const SPEC = { name: 'box', command: ['sleep', '600'] }

describe.each(LINES)('a handle whose sandbox was deleted and made anew on line %s', (line) => {
  let stack: DevStack
  let old: Sandbox
  let present: Sandbox
  beforeAll(async () => {
    stack = await startDevStack({ line })
    old = await stack.client.sandboxes.create(SPEC)
    await old.delete({ wait: true })
    present = await stack.client.sandboxes.create(SPEC)
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test.each<[string, (sandbox: Sandbox) => Promise<unknown>]>([
    ['refresh', (sandbox) => sandbox.refresh()],
    ['stop', (sandbox) => sandbox.stop()],
    ['start', (sandbox) => sandbox.start()],
    ['files', (sandbox) => sandbox.files.write('left', 'x')],
    ['ports', (sandbox) => sandbox.ports.connect({ targetPort: 80 })],
    ['ssh', (sandbox) => sandbox.ssh.createSession()],
    // Line 0.1 goes by the name alone.
    ...(line === '0.0'
      ? ([['commands', (sandbox) => sandbox.commands.run(['true'])]] as [
          string,
          (sandbox: Sandbox) => Promise<unknown>,
        ][])
      : []),
  ])('does not reach the new one by %s', async (_, call) => {
    expect(await failureOf(call(old))).toMatchObject({ kind: 'not-found', sandboxName: 'box' })
    expect(await present.refresh()).toMatchObject({ id: present.id, phase: 'ready' })
  })

  test('is told so by watches and waits, and deletes nothing', async () => {
    const events = []
    for await (const event of old.watch({ logs: true })) events.push(event)
    expect(events).toEqual([{ type: 'deleted', replacedBy: present.id }])
    expect(await failureOf(old.waitReady())).toMatchObject({ kind: 'wait-failed' })
    await old.waitDeleted()
    expect(await old.delete({ wait: true })).toEqual({ outcome: 'absent' })
    expect(await present.files.exists('left')).toBe(false)
  })
})
