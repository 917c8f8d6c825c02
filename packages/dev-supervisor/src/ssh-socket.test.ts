import { once } from 'node:events'
import { link, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listenOnSshSocket } from './ssh-socket.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sup-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('closing ends the connections and removes the file', async () => {
  const path = join(folder, 'ssh.sock')
  const socket = await listenOnSshSocket(path, () => {})
  const client = connect(path)
  await once(client, 'connect')
  const closed = once(client.resume(), 'close')
  await socket.close()
  await closed
  await expect(stat(path)).rejects.toThrow('ENOENT')
})

test('a socket file that a dead process left behind is replaced', async () => {
  const path = join(folder, 'ssh.sock')
  const dead = createServer().listen(path)
  await once(dead, 'listening')
  // A hard link keeps the file when its server goes.
  await link(path, `${path}.kept`)
  dead.close()
  await once(dead, 'close')
  await rename(`${path}.kept`, path)
  const socket = await listenOnSshSocket(path, (connection) => connection.end('hello'))
  const [greeting] = await once(connect(path), 'data')
  expect(String(greeting)).toBe('hello')
  await socket.close()
})

test('a socket in use and a file that is no socket are left alone', async () => {
  const inUse = join(folder, 'ssh.sock')
  const first = await listenOnSshSocket(inUse, () => {})
  await expect(listenOnSshSocket(inUse, () => {})).rejects.toThrow('in use by another process')
  const file = join(folder, 'file')
  await writeFile(file, 'precious')
  await expect(listenOnSshSocket(file, () => {})).rejects.toThrow('is no socket')
  await first.close()
})

test.runIf(process.platform === 'linux')('a folder that the system does not create is refused at once', async () => {
  await expect(listenOnSshSocket('/proc/sockets/ssh.sock', () => {})).rejects.toThrow('cannot be opened (ENOENT)')
})

test.runIf(process.platform === 'linux')('a path with @ is a name without a file', async () => {
  const name = `@openshell-dev-supervisor-test-${process.pid}`
  const socket = await listenOnSshSocket(name, (connection) => connection.end('hello'))
  const [greeting] = await once(connect(`\0${name.slice(1)}`), 'data')
  expect(String(greeting)).toBe('hello')
  await socket.close()
})
