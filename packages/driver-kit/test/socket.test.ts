import { chmod, lstat, mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serveDriver } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { computeClient, serveInTest, temporaryFolder } from './serve-in-test.js'

const driver = memoryDriver(memoryBackend())

async function refusal(socketPath: string, stateDirectory: string): Promise<string> {
  try {
    const server = await serveDriver(driver, { socketPath, stateDirectory })
    await server.close()
  } catch (error) {
    return (error as Error).message
  }
  return 'served'
}

test('the socket is private, alone in its folder, and gone after the end', async () => {
  await using folder = await temporaryFolder()
  const parent = join(folder.path, 'new')
  const server = await serveDriver(driver, {
    socketPath: join(parent, 'd.sock'),
    stateDirectory: join(folder.path, 'st'),
  })
  expect([(await lstat(parent)).mode & 0o777, (await lstat(server.socketPath)).mode & 0o777]).toEqual([0o700, 0o600])
  expect(await readdir(parent)).toEqual(['d.sock'])
  await server.close()
  expect(await readdir(parent)).toEqual([])
})

test('a second driver on an answered socket refuses to start and leaves the first one alone', async () => {
  await using served = await serveInTest(driver)
  expect(await refusal(served.socketPath, join(served.folder, 'other'))).toBe(
    `Another driver answers on the socket "${served.socketPath}". Stop it, or choose another path.`,
  )
  expect((await served.client.unary('getCapabilities', {})).driverName).toBe('acme')
})

test('a stale socket is replaced', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'd.sock')
  const moved = join(folder.path, 'moved.sock')
  const earlier = createServer()
  await new Promise<void>((resolve) => earlier.listen(path, resolve))
  // Closing removes the path it was bound to, so a copy under another name is what a crash leaves.
  await rename(path, moved)
  await new Promise((resolve) => earlier.close(resolve))
  await rename(moved, path)
  const server = await serveDriver(driver, { socketPath: path, stateDirectory: join(folder.path, 'st') })
  const client = computeClient(path)
  expect((await client.unary('getCapabilities', {})).driverName).toBe('acme')
  client.close()
  await server.close()
})

test('what is no socket is never removed', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'd.sock')
  await writeFile(path, 'mine')
  expect(await refusal(path, join(folder.path, 'st'))).toContain('exists but is not an owned Unix socket')
  expect((await lstat(path)).isFile()).toBe(true)
})

test('a folder that is a link or that others can write is refused', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'real'))
  await symlink(join(folder.path, 'real'), join(folder.path, 'link'))
  await mkdir(join(folder.path, 'open'))
  await chmod(join(folder.path, 'open'), 0o777)
  expect(await refusal(join(folder.path, 'link', 'd.sock'), join(folder.path, 'st'))).toContain('not a symlink')
  expect(await refusal(join(folder.path, 'open', 'd.sock'), join(folder.path, 'st'))).toContain('chmod 700')
})

test('a path that is too long is refused with its length', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'x'.repeat(120))
  expect(await refusal(path, join(folder.path, 'st'))).toContain(`has ${path.length} bytes; this system allows at most`)
  expect(await refusal('', join(folder.path, 'st'))).toContain('socket path is empty')
})

test("an ending driver does not remove a successor's socket", async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'd.sock')
  const first = await serveDriver(driver, { socketPath: path, stateDirectory: join(folder.path, 'one') })
  await rename(path, join(folder.path, 'moved.sock'))
  const second = await serveDriver(driver, { socketPath: path, stateDirectory: join(folder.path, 'two') })
  await first.close()
  const client = computeClient(path)
  expect((await client.unary('getCapabilities', {})).driverName).toBe('acme')
  client.close()
  await second.close()
})

test('two drivers that start on one socket at the same moment: one serves, one refuses', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'd.sock')
  const starts = await Promise.allSettled(
    ['one', 'two'].map((name) => serveDriver(driver, { socketPath: path, stateDirectory: join(folder.path, name) })),
  )
  const served = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  const refused = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason as Error] : []))
  expect(served).toHaveLength(1)
  expect(refused.map(({ message }) => message)).toEqual([expect.stringContaining('Another driver answers')])
  await served[0]?.close()
})
