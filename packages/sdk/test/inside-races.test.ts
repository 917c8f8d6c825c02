import { expect, test } from 'vitest'
import { OpenShellClient, OpenShellError } from '../src/index.js'
import { startDevStack } from './dev-stack.js'
import { LINES, WORKSPACE } from './line-gateway.js'

test.each(LINES)(
  '200 aborts and closes in the middle of work in a sandbox of line %s leave no stray failure, and it stays usable',
  {
    timeout: 60_000,
  },
  async (line) => {
    const stray: unknown[] = []
    const listen = (reason: unknown) => stray.push(reason)
    process.on('unhandledRejection', listen)
    process.on('uncaughtException', listen)
    await using stack = await startDevStack({ line })
    await stack.client.sandboxes.create({ name: 'box', command: ['sleep', 'infinity'] })
    const kinds = new Set<string>()
    for (let round = 0; round < 10; round += 1) {
      const client = await OpenShellClient.connect({ endpoint: stack.gateway.endpoint, workspace: WORKSPACE })
      const { commands, files, ports } = await client.sandboxes.get('box')
      const works = [
        (signal: AbortSignal) => files.write('raced', Buffer.alloc(200_000), { signal }),
        (signal: AbortSignal) => files.read('raced', { signal }),
        (signal: AbortSignal) => commands.run(['cat'], { stdin: 'x', signal }),
        async (signal: AbortSignal) => {
          await using handle = await commands.interactive(['cat'], { signal })
          await handle.write('x\n')
          await handle.wait()
        },
        async (signal: AbortSignal) => {
          const stream = await ports.connect({ targetPort: 9, signal })
          stream.on('error', () => undefined)
          stream.write('x')
        },
      ]
      const running = Array.from({ length: 20 }, async (_, index) => {
        const stop = new AbortController()
        const work = works[index % works.length]?.(stop.signal)
        work?.catch(() => undefined)
        // Each gives up after another number of turns, so that it is hit in another state.
        for (let turn = 0; turn < index * 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
        stop.abort()
        await work
      })
      const settled = Promise.allSettled(running)
      if (round % 2 === 0) await client.close()
      for (const { status, ...rest } of await settled) {
        if (status !== 'rejected' || !('reason' in rest)) continue
        kinds.add(rest.reason instanceof OpenShellError ? rest.reason.kind : String(rest.reason))
      }
      await client.close()
    }
    const box = await stack.client.sandboxes.get('box')
    await box.files.write('raced', 'in the end')
    expect(await box.files.read('raced', { format: 'text' })).toBe('in the end')
    process.off('unhandledRejection', listen)
    process.off('uncaughtException', listen)
    expect(stray).toEqual([])
    // The second kind from the end is that of input for a command that was given up, the last that of a file before its first write.
    const expected = ['aborted', 'closed', 'unavailable', 'failed-precondition', 'not-found']
    expect([...kinds].filter((kind) => !expected.includes(kind))).toEqual([])
  },
)
