import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { findProcess, isRunning, listProcesses, readProcessVariable, runProcessStatus } from './process-table.js'

const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

async function startSleep(environment: NodeJS.ProcessEnv = process.env): Promise<number> {
  const child = spawn('/bin/sleep', ['60'], { detached: true, env: environment })
  children.push(child)
  await once(child, 'spawn')
  return child.pid ?? 0
}

test('lists a process with its parent and its group', async () => {
  const pid = await startSleep()
  expect(findProcess(pid)).toMatchObject({ pid, parentPid: process.pid, groupId: pid })
})

test('reads a process whose name holds spaces and parentheses', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'names-'))
  const program = join(folder, 'a) Z 1 (b')
  symlinkSync('/bin/sleep', program)
  const child = spawn(program, ['60'], { detached: true })
  children.push(child)
  await once(child, 'spawn')
  rmSync(folder, { recursive: true })
  expect(findProcess(child.pid ?? 0)).toMatchObject({ parentPid: process.pid, groupId: child.pid })
})

test('knows a process again, and not another one that has its pid', async () => {
  const pid = await startSleep()
  const found = findProcess(pid)
  expect(found && isRunning(found)).toBe(true)
  expect(isRunning({ pid, startTime: 'another boot/1' })).toBe(false)
})

test('leaves out a process that has ended and was not waited for', async () => {
  // The shell starts a child that ends soon, and becomes a program that never waits for it.
  const child = spawn('/bin/sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
  children.push(child)
  const [line] = await once(child.stdout, 'data')
  const zombie = Number(line)
  await expect.poll(() => findProcess(zombie)).toBeUndefined()
  expect(() => process.kill(zombie, 0)).not.toThrow()
})

test.runIf(process.platform === 'linux')('reads the variables that a process was started with', async () => {
  const pid = await startSleep({ FIRST: 'one', SECOND: 'two=2' })
  await expect.poll(() => readProcessVariable(pid, 'SECOND')).toBe('two=2')
  expect(readProcessVariable(pid, 'FIRST')).toBe('one')
  expect(readProcessVariable(pid, 'THIRD')).toBeUndefined()
})

test('both ways of listing agree', async () => {
  const pid = await startSleep()
  const own = ({ pid: candidate }: { pid: number }) => candidate === pid
  expect(runProcessStatus().find(own)).toMatchObject({ pid, parentPid: process.pid, groupId: pid })
  expect(listProcesses().find(own)).toMatchObject({ pid, parentPid: process.pid, groupId: pid })
})
