import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { acquireDirectoryLock, type DirectoryLock } from './directory-lock.js'

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
  const lock = await acquireDirectoryLock(directory)
  await expect(acquireDirectoryLock(directory)).rejects.toThrow(
    `The state directory "${directory}" is used by another process (pid ${process.pid}).`,
  )
  await lock.release()
  const next = await acquireDirectoryLock(directory)
  await next.release()
  expect(await readdir(join(directory, 'lock'))).toEqual([])
})

test('what a killed process left is removed', async () => {
  await leaveStale()
  await writeFile(join(directory, 'lock', 'a-file'), '')
  const lock = await acquireDirectoryLock(directory)
  expect(await readdir(join(directory, 'lock'))).toHaveLength(1)
  await lock.release()
})

test('of many that start at the same moment exactly one gets the directory', async () => {
  for (let round = 0; round < 5; round++) {
    await leaveStale()
    const starts = await Promise.allSettled(Array.from({ length: 6 }, () => acquireDirectoryLock(directory)))
    const held = starts.flatMap((start): DirectoryLock[] => (start.status === 'fulfilled' ? [start.value] : []))
    expect(held).toHaveLength(1)
    await held[0]?.release()
  }
})

test.each([
  ['silent.sock', 'pid unknown'],
  ['4711-silent.sock', 'pid 4711'],
])('a holder that does not answer at %s is alive all the same', async (name, pid) => {
  const silent = createServer()
  await mkdir(join(directory, 'lock'))
  await new Promise<void>((resolve) => silent.listen(join(directory, 'lock', name), resolve))
  await expect(acquireDirectoryLock(directory)).rejects.toThrow(`is used by another process (${pid})`)
  silent.close()
})

test('a path that is too long for sockets is held as any other', async () => {
  const long = join(directory, 'x'.repeat(100))
  await mkdir(long)
  const lock = await acquireDirectoryLock(long)
  await expect(acquireDirectoryLock(long)).rejects.toMatchObject({ code: 'held' })
  await lock.release()
  await (await acquireDirectoryLock(long)).release()
  expect(await readdir(join(long, 'lock'))).toEqual([])
})

test('who dials the holder and does not hang up does not keep it from letting go', async () => {
  const lock = await acquireDirectoryLock(directory)
  const [name = ''] = await readdir(join(directory, 'lock'))
  const caller = connect({ path: join(directory, 'lock', name), allowHalfOpen: true })
  await once(caller.resume(), 'end')
  await lock.release()
  caller.destroy()
})

test('where no socket can be made the directory is named', async () => {
  await writeFile(join(directory, 'lock'), '')
  await expect(acquireDirectoryLock(directory)).rejects.toMatchObject({
    code: 'unusable',
    message: expect.stringContaining(`The state directory "${directory}" cannot be locked`),
  })
})
