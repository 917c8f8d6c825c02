import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sandbox } from '@openshell-ts/sdk'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { listSandboxProcesses } from '../src/local-process/sandbox-processes.js'
import { createTemporaryFolder } from './temporary-folder.js'
import { startWorld, type World } from './world.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let world: World

beforeAll(async () => {
  world = await startWorld()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

function processesOf(sandbox: Sandbox): number[] {
  return listSandboxProcesses({ directory: world.folderOf(sandbox) }).map(({ pid }) => pid)
}

/** Starts a daemon from a command, in a session of its own and with nobody left who waits for it. */
async function startDaemon(sandbox: Sandbox): Promise<void> {
  const script = 'setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $!'
  const { exitCode, stdoutText } = await sandbox.commands.run(['sh', '-c', script])
  expect(exitCode).toBe(0)
  expect(processesOf(sandbox)).toContain(Number(stdoutText))
}

test('a stop returns when no process is left, daemons of commands included; a start serves commands again', async () => {
  await using sandbox = await world.create()
  await startDaemon(sandbox)
  await sandbox.stop()
  expect(processesOf(sandbox)).toEqual([])
  await sandbox.start()
  await sandbox.waitReady()
  expect(await sandbox.commands.run(['echo', 'again'])).toMatchObject({ exitCode: 0, stdoutText: 'again\n' })
})

test('a stop kills what ignores SIGTERM', async () => {
  const stubborn = ['sh', '-c', "trap '' TERM HUP; while :; do sleep 0.05; done"]
  await using sandbox = await world.create({ schema_version: 2, stop: { timeout_ms: 200 } }, { command: stubborn })
  await sandbox.stop()
  expect(processesOf(sandbox)).toEqual([])
})

test('a delete removes processes and folder', async () => {
  const sandbox = await world.create()
  await startDaemon(sandbox)
  await sandbox.delete({ wait: true })
  expect(processesOf(sandbox)).toEqual([])
  expect(existsSync(world.folderOf(sandbox))).toBe(false)
  expect(await world.client.sandboxes.tryGet(sandbox.name)).toBeUndefined()
})

test('a sandbox ends with its main process, and takes its daemons along', async () => {
  await using sandbox = await world.create(
    {},
    { command: ['sh', '-c', 'until test -e end; do sleep 0.02; done; exit 7'] },
  )
  await startDaemon(sandbox)
  await sandbox.commands.run(['touch', 'end'])
  await expect.poll(async () => (await sandbox.refresh()).phase, { timeout: 10_000 }).toBe('error')
  await expect.poll(() => processesOf(sandbox), { timeout: 10_000 }).toEqual([])
  expect(sandbox.info.exitCode).toBe(7)
})

test('a main process that cannot start ends the sandbox', async () => {
  const creating = world.create({}, { command: ['/no/such/program'] })
  await expect(creating).rejects.toMatchObject({ kind: 'wait-failed' })
  expect(await world.client.sandboxes.list().toArray()).toEqual([])
})

test('another supervisor can take the place of the own one', async () => {
  await using folder = createTemporaryFolder()
  const program = join(folder.path, 'supervisor')
  const report = 'echo "$* $OPENSHELL_SANDBOX" > "$LOCAL_PROCESS_SANDBOX_DIRECTORY/report"'
  writeFileSync(program, `#!/bin/sh\n${report}\nexec sleep 600\n`, { mode: 0o755 })
  await using other = await startWorld(program)
  const name = 'other-supervisor'
  await using sandbox = await other.client.sandboxes.create({ name }, { waitReady: false })
  const home = join(other.folderOf(sandbox), 'home')
  await expect
    .poll(() => readFileSync(join(other.folderOf(sandbox), 'report'), 'utf8'))
    .toBe(`--workdir ${home}/work ${name}\n`)
})
