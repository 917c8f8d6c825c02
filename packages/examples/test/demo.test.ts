import { readdirSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { listSandboxFoldersInUse } from '../src/local-process/sandbox-processes.js'
import { type Program, startDemo } from './program.js'
import { createTemporaryFolder } from './temporary-folder.js'

// Each run starts a handful of Node processes, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 60_000, maxConcurrency: 3 })

const CLEAN = 'nothing is left behind: no process, no socket, no folder'

/** What a run has left: files, processes of sandboxes, and parts of the demo itself. */
function leftovers(demo: Program, folder: string): unknown[] {
  return [...readdirSync(folder), ...listSandboxFoldersInUse(folder), ...Object.values(partsOf(demo)).filter(isAlive)]
}

/** The pids that the demo names, by part. */
function partsOf(demo: Program): Record<string, number> {
  const found = [...demo.stdout().matchAll(/✓ (\w+).* \(process (\d+)\)/g)]
  return Object.fromEntries(found.map(([, name, pid]) => [name, Number(pid)]))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.concurrent('tells the whole story and leaves nothing behind', async () => {
  await using folder = createTemporaryFolder()
  await using demo = startDemo(folder.path)
  expect(await demo.ended).toBe(0)
  expect(demo.stdout()).toContain(CLEAN)
  expect(Object.keys(partsOf(demo))).toEqual(['driver', 'gateway', 'client'])
  expect(leftovers(demo, folder.path)).toEqual([])
})

test.concurrent.each(['The whole story', '✓ gateway', 'Run commands', 'Shutting down'])(
  'Ctrl-C at "%s" leaves nothing behind',
  async (place) => {
    await using folder = createTemporaryFolder()
    await using demo = startDemo(folder.path)
    await demo.says(place)
    demo.kill('SIGINT')
    expect(await demo.ended).toBe(130)
    expect(demo.stdout()).toContain(CLEAN)
    expect(leftovers(demo, folder.path)).toEqual([])
  },
)

test.concurrent.each(['driver', 'gateway'])(
  'when the %s dies, the demo says so, fails and leaves nothing behind',
  async (name) => {
    await using folder = createTemporaryFolder()
    await using demo = startDemo(folder.path)
    await demo.says('Run commands')
    process.kill(partsOf(demo)[name] ?? 0, 'SIGKILL')
    expect(await demo.ended).toBe(1)
    expect(demo.stdout()).toContain(`✗ The ${name} ended in the middle of the story, with signal SIGKILL.`)
    expect(leftovers(demo, folder.path)).toEqual([])
  },
)

test.concurrent('a wrong option, and help', async () => {
  await using folder = createTemporaryFolder()
  await using wrong = startDemo(folder.path, '--gatway', 'x')
  expect(await wrong.ended).toBe(2)
  expect(wrong.stderr()).toContain("Unknown option '--gatway'")
  await using help = startDemo(folder.path, '--help')
  expect(await help.ended).toBe(0)
  expect(help.stdout()).toContain('npm run demo -- --gateway URL')
})

test.concurrent('with --gateway, only the client runs', async () => {
  await using folder = createTemporaryFolder()
  await using demo = startDemo(folder.path, '--gateway', 'http://127.0.0.1:1')
  expect(await demo.ended).toBe(1)
  expect(demo.stderr()).toContain('No gateway answers at http://127.0.0.1:1.')
  expect(demo.stdout()).not.toContain('✓ driver')
})
