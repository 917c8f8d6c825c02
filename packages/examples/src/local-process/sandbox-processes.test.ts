import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findProcess } from './process-table.js'
import {
  endSandboxProcesses,
  listSandboxFoldersInUse,
  listSandboxProcesses,
  SANDBOX_MARKER,
  type SandboxProcessesQuery,
} from './sandbox-processes.js'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sandbox-'))
})

afterEach(async () => {
  await endSandboxProcesses({ directory }, { graceMs: 0 })
  rmSync(directory, { recursive: true })
})

/** Runs a shell script as the first process of the sandbox; resolves when it has printed `ready`. */
async function startSandbox(script: string): Promise<SandboxProcessesQuery> {
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], [SANDBOX_MARKER]: directory },
  })
  await once(child.stdout, 'data')
  return { directory, leader: findProcess(child.pid ?? 0) }
}

test('finds the children of the first process', async () => {
  const query = await startSandbox('sleep 60 & sleep 60 & echo ready; wait')
  await expect.poll(() => listSandboxProcesses(query)).toHaveLength(3)
})

test('finds a daemon in a session of its own whose parent has ended', async () => {
  const query = await startSandbox('(setsid sleep 60 &) ; echo ready; sleep 60')
  await expect.poll(() => listSandboxProcesses(query)).toHaveLength(3)
  const daemon = listSandboxProcesses(query).find(({ groupId }) => groupId !== query.leader?.pid)
  expect(daemon?.parentPid).not.toBe(query.leader?.pid)
})

test('finds what is left when the first process is gone', async () => {
  const query = await startSandbox('sleep 60 & echo ready')
  await expect.poll(() => listSandboxProcesses(query)).toHaveLength(1)
})

test('leaves the processes of other sandboxes alone', async () => {
  const query = await startSandbox('echo ready; sleep 60')
  expect(listSandboxProcesses({ directory: `${directory}-2` })).toEqual([])
  await endSandboxProcesses({ directory: `${directory}-2` }, { graceMs: 0 })
  expect(listSandboxProcesses(query)).not.toEqual([])
})

test('never takes a process for the first one because it has the same pid', async () => {
  const stranger = spawn('/bin/sleep', ['60'], { detached: true })
  await once(stranger, 'spawn')
  const leader = { pid: stranger.pid ?? 0, startTime: 'another boot/1' }
  await endSandboxProcesses({ directory, leader }, { graceMs: 0 })
  expect(findProcess(leader.pid)).toBeDefined()
  stranger.kill('SIGKILL')
})

test('lets processes end by themselves', async () => {
  const farewell = `trap 'echo bye > "$${SANDBOX_MARKER}/farewell"; exit' TERM`
  const query = await startSandbox(`${farewell}; echo ready; while :; do sleep 0.02; done`)
  await endSandboxProcesses(query, { graceMs: 10_000 })
  expect(readFileSync(join(directory, 'farewell'), 'utf8')).toBe('bye\n')
  expect(listSandboxProcesses(query)).toEqual([])
})

test('asks the first process before those that it may want to end itself', async () => {
  const farewell = (name: string) =>
    `trap 'echo ${name} >> "$${SANDBOX_MARKER}/farewells"; exit' TERM; : > "$${SANDBOX_MARKER}/${name}-waits"`
  const loop = 'while :; do sleep 0.02; done'
  const other = `setsid sh -c '${farewell('other').replaceAll("'", `'"'"'`)}; ${loop}' &`
  const query = await startSandbox(`${other} ${farewell('leader')}; echo ready; ${loop}`)
  await expect.poll(() => existsSync(join(directory, 'other-waits'))).toBe(true)
  await endSandboxProcesses(query, { graceMs: 10_000 })
  expect(readFileSync(join(directory, 'farewells'), 'utf8')).toBe('leader\nother\n')
})

test('kills those that ignore SIGTERM, after the grace period', async () => {
  const query = await startSandbox(`trap '' TERM; echo ready; while :; do sleep 0.02; done`)
  await endSandboxProcesses(query, { graceMs: 100 })
  expect(listSandboxProcesses(query)).toEqual([])
})

test('kills at once without a grace period', async () => {
  const farewell = `trap 'echo bye > "$${SANDBOX_MARKER}/farewell"; exit' TERM`
  const query = await startSandbox(`${farewell}; echo ready; while :; do sleep 0.02; done`)
  await endSandboxProcesses(query, { graceMs: 0 })
  expect(existsSync(join(directory, 'farewell'))).toBe(false)
})

test('lists the folders of all sandboxes that run', async () => {
  await startSandbox('echo ready; sleep 60')
  expect(listSandboxFoldersInUse(tmpdir())).toContain(directory)
  expect(listSandboxFoldersInUse(directory)).toEqual([])
})
