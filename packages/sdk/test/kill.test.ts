import { mkdtemp, readdir, readFile, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CommandExit, CommandHandle, CommandKillOptions, Commands } from '../src/index.js'
import { type DevStack, startDevStack } from './dev-stack.js'
import { failureOf } from './failure-of.js'

describe.each(['0.0', '0.1'] as const)('commands on line %s', (line) => {
  let stack: DevStack
  let commands: Commands
  beforeAll(async () => {
    stack = await startDevStack({ line })
    commands = (await stack.client.sandboxes.create({ name: 'box', command: ['sleep', 'infinity'] })).commands
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('end with all that they have started when they are killed, and their exit tells the signal', async () => {
    const sleep = `sleep 7${Date.now()}`
    const folder = await mkdtemp(join(tmpdir(), 'kill-'))
    const options = { killable: true, environment: { TMPDIR: folder } }
    await using handle = await commands.start(['sh', '-c', `${sleep} & echo ready; wait`], options)
    expect(await killWhenReady(handle)).toEqual({ type: 'signalled', exitCode: 143, signal: 'SIGTERM' })
    expect(await handle.kill()).toBe(false)
    expect(await running(sleep)).toEqual([])
    // Nothing stays behind.
    await rmdir(folder)
  })

  test('are killed on a terminal too, and though they ignore other signals', async () => {
    const script = 'trap "" TERM INT HUP; echo ready; while :; do sleep 1000; done'
    await using handle = await commands.interactive(['sh', '-c', script], { killable: true })
    const exit = await killWhenReady(handle, { processSignal: 'SIGKILL' })
    expect(exit).toEqual({ type: 'signalled', exitCode: 137, signal: 'SIGKILL' })
  })

  test('are waited for when they are killed before they have begun', async () => {
    await using handle = await commands.start(['sleep', '1000'], { killable: true })
    expect(await handle.kill({ processSignal: 'SIGINT' })).toBe(true)
    expect(await handle.wait()).toMatchObject({ type: 'signalled', signal: 'SIGINT' })
  })

  test('read, write and exit as ever when they can be killed', async () => {
    const options = { killable: true, stdin: 'input', environment: { LATE: 'late' } }
    await using handle = await commands.start(['sh', '-c', 'cat; echo $LATE; exit 7'], options)
    let output = ''
    for await (const event of handle) {
      if (event.type === 'stdout') output += new TextDecoder().decode(event.data)
      else if (event.type === 'exit') expect(event.exit).toEqual({ type: 'exited', exitCode: 7 })
    }
    expect(output).toBe('inputlate\n')
  })

  test('that were not started so say how they are', async () => {
    await using handle = await commands.start(['true'])
    const error = await failureOf(handle.kill())
    expect(error).toMatchObject({ kind: 'failed-precondition', hint: expect.stringContaining('killable: true') })
  })
})

async function killWhenReady(handle: CommandHandle, options?: CommandKillOptions): Promise<CommandExit | undefined> {
  for await (const event of handle) {
    if (event.type === 'exit') return event.exit
    if (new TextDecoder().decode(event.data).includes('ready')) expect(await handle.kill(options)).toBe(true)
  }
  return undefined
}

/** Processes with these arguments that run; one that has ended has no arguments. */
async function running(command: string): Promise<string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'latin1').catch(() => '')))
  return lines.filter((line) => line.replaceAll('\0', ' ').trim() === command)
}
