import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { acquireStateLock, type StateLock } from './state-lock.js'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp('/tmp/dk-')
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

/** Leaves what a killed process leaves: a socket that nobody listens on. */
async function leaveStale(): Promise<void> {
  const folder = join(directory, 'lock')
  await mkdir(folder, { recursive: true })
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(join(folder, 'bound'), resolve))
  await rename(join(folder, 'bound'), join(folder, 'dead.sock'))
  await new Promise((resolve) => server.close(resolve))
}

test('a held directory is refused with the holder, and free again after the release', async () => {
  const lock = await acquireStateLock(directory)
  await expect(acquireStateLock(directory)).rejects.toThrow(
    `The state directory "${directory}" is used by another process (pid ${process.pid}). Stop it, or choose another --state-dir.`,
  )
  await lock.release()
  const next = await acquireStateLock(directory)
  await next.release()
  expect(await readdir(join(directory, 'lock'))).toEqual([])
})

test('what a killed process left is removed', async () => {
  await leaveStale()
  await writeFile(join(directory, 'lock', 'a-file'), '')
  const lock = await acquireStateLock(directory)
  expect(await readdir(join(directory, 'lock'))).toHaveLength(1)
  await lock.release()
})

test('of many that start at the same moment exactly one gets the directory', async () => {
  for (let round = 0; round < 5; round++) {
    await leaveStale()
    const starts = await Promise.allSettled(Array.from({ length: 6 }, () => acquireStateLock(directory)))
    const held = starts.flatMap((start): StateLock[] => (start.status === 'fulfilled' ? [start.value] : []))
    expect(held).toHaveLength(1)
    await held[0]?.release()
  }
})

test('a holder that does not answer is alive all the same', async () => {
  const silent = createServer()
  await mkdir(join(directory, 'lock'))
  await new Promise<void>((resolve) => silent.listen(join(directory, 'lock', 'silent.sock'), resolve))
  await expect(acquireStateLock(directory)).rejects.toThrow('is used by another process (pid unknown)')
  silent.close()
})

test('a path that is too long for sockets is refused with by how much', async () => {
  await expect(acquireStateLock(join(directory, 'x'.repeat(100)))).rejects.toThrow(/is too long by \d+ bytes/)
})
