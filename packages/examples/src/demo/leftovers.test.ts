import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findProcess } from '../local-process/process-table.js'
import { SANDBOX_MARKER } from '../local-process/sandbox-processes.js'
import { createDemoFolder, type DemoFolder } from './demo-folder.js'
import type { DemoOutput } from './demo-output.js'
import { findLeftovers } from './leftovers.js'
import { startPart } from './part.js'
import { shutDown } from './shut-down.js'

let folder: DemoFolder

beforeEach(() => {
  folder = createDemoFolder()
})

afterEach(() => folder.remove())

/** Collects what people would read. */
function recordOutput(): { lines: string[]; output: DemoOutput } {
  const lines: string[] = []
  const record = (kind: string) => (text: string) => void lines.push(`${kind}: ${text}`)
  return {
    lines,
    output: { heading: record('heading'), done: record('done'), failed: record('failed'), quote: () => {} },
  }
}

test('finds processes, sandboxes, listeners and the folder', async () => {
  const sandbox = mkdtempSync(join(folder.path, 'sandbox-'))
  const child = spawn('/bin/sleep', ['60'], { env: { [SANDBOX_MARKER]: sandbox } })
  await once(child, 'spawn')
  const path = join(folder.path, 's')
  await using server = createServer().listen(path)
  await once(server, 'listening')
  const identity = findProcess(child.pid ?? 0)
  const processes = identity === undefined ? [] : [{ name: 'driver', identity }]
  const leftovers = await findLeftovers({ processes, folder: folder.path, addresses: [{ path }] })
  child.kill('SIGKILL')
  expect(leftovers).toEqual([
    `the driver still runs as process ${child.pid}`,
    `the sandbox in ${sandbox} still runs`,
    `something still listens at ${path}`,
    `the folder ${folder.path} still exists`,
  ])
})

test('finds nothing after a clean run', async () => {
  rmSync(folder.path, { recursive: true })
  expect(
    await findLeftovers({ processes: [], folder: folder.path, addresses: [{ path: folder.driverSocket }] }),
  ).toEqual([])
})

test('a shutdown ends its parts, and a sandbox that was forgotten, and does not call that clean', async () => {
  const sandbox = mkdtempSync(join(folder.path, 'sandbox-'))
  const part = startPart({ name: 'driver', argv: ['-e', 'setInterval(() => {}, 1000)'], output: 'kept' })
  const child = spawn('/bin/sleep', ['60'], { env: { [SANDBOX_MARKER]: sandbox } })
  await once(child, 'spawn')
  const { lines, output } = recordOutput()
  const traces = { processes: [], folder: folder.path, addresses: [] }
  expect(await shutDown({ output, folder, parts: [part], traces })).toBe(false)
  expect(lines).toEqual([
    'heading: Shutting down',
    'done: driver ended with signal SIGTERM',
    `failed: the sandbox in ${sandbox} still ran; its processes were killed`,
  ])
  expect(existsSync(folder.path)).toBe(false)
  expect(findProcess(child.pid ?? 0)).toBeUndefined()
})
