import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Part, startPart } from './part.js'
import { acceptsConnections, PartFailedError, untilListening } from './until-listening.js'

let folder: string
const parts: Part[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'listen-'))
})

afterEach(async () => {
  await Promise.all(parts.splice(0).map((part) => part.stop({ signal: 'SIGTERM', killAfterMs: 0 })))
  rmSync(folder, { recursive: true })
})

function startScript(script: string): Part {
  const part = startPart({ name: 'server', argv: ['-e', script], output: 'kept' })
  parts.push(part)
  return part
}

const patient = { timeoutMs: 10_000, signal: new AbortController().signal }

test('waits until the part accepts connections', async () => {
  const path = join(folder, 's')
  const part = startScript(`require('net').createServer().listen(${JSON.stringify(path)})`)
  await untilListening(part, { path }, patient)
  expect(await acceptsConnections({ path })).toBe(true)
})

test('fails when the part ends first', async () => {
  const waiting = untilListening(startScript('process.exit(4)'), { path: join(folder, 's') }, patient)
  await expect(waiting).rejects.toThrow('The server ended with exit code 4 before it listened.')
  await expect(waiting).rejects.toBeInstanceOf(PartFailedError)
})

test('fails when the part takes too long', async () => {
  const part = startScript('setInterval(() => {}, 1000)')
  const waiting = untilListening(part, { path: join(folder, 's') }, { ...patient, timeoutMs: 50 })
  await expect(waiting).rejects.toThrow('The server did not listen within 50 ms.')
})

test('stops waiting when asked to', async () => {
  const controller = new AbortController()
  const part = startScript('setInterval(() => {}, 1000)')
  const waiting = untilListening(part, { path: join(folder, 's') }, { ...patient, signal: controller.signal })
  controller.abort()
  await expect(waiting).rejects.toThrow('aborted')
})

test('an address is free before and after a server listens there', async () => {
  const path = join(folder, 's')
  expect(await acceptsConnections({ path })).toBe(false)
  const server: Server = createServer().listen(path)
  await expect.poll(() => acceptsConnections({ path })).toBe(true)
  await new Promise((resolve) => server.close(resolve))
  expect(await acceptsConnections({ path })).toBe(false)
})
