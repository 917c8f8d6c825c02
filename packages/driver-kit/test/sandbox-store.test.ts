import { access, mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FileSandboxStore } from '../src/engine/file-sandbox-store.js'
import { type SandboxRecord, type SandboxStore, type StoredSandbox, serveDriver } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { MemoryStore } from './memory-store.js'
import { computeClient, sandboxMessage, temporaryFolder } from './serve-in-test.js'

type Open = () => Promise<SandboxStore>

const kinds: Readonly<Record<string, (folder: string) => Open>> = {
  'the store in a folder': (folder) => () => FileSandboxStore.open(join(folder, 'state')),
  'a store of an author': (folder) => {
    const stored = new Map<string, StoredSandbox>()
    return async () => {
      await mkdir(join(folder, 'own'), { recursive: true })
      return new MemoryStore(join(folder, 'own'), stored)
    }
  },
}

function recordOf(id: string, state: SandboxRecord['state'] = { type: 'running' }): SandboxRecord {
  const now = new Date(0).toISOString()
  const spec = { id, name: `name-${id}`, workspace: 'default', image: '', command: [], tty: false, logLevel: '' }
  const rest = { labels: {}, agentSocketPath: '', awaitMainProcessAttachment: false }
  return { spec: { ...spec, ...rest }, createdAt: now, state, stateSince: now }
}

describe.each(Object.entries(kinds))('%s', (_, kind) => {
  test('gives everything back to the next process, secrets and folders included', async () => {
    await using folder = await temporaryFolder()
    const open = kind(folder.path)
    const first = await open()
    const created = await first.create(recordOf('one'), { token: 'token-1', environment: { KEY: 'key-1' } })
    await first.create(recordOf('two'), { environment: {} })
    await first.update(recordOf('two', { type: 'stopped' }))
    await first.close()
    const second = await open()
    const { sandboxes, broken } = await second.load()
    const byId = new Map(sandboxes.map((sandbox) => [sandbox.record.spec.id, sandbox]))
    expect(broken).toEqual([])
    expect(byId.get('one')).toEqual(created)
    expect(byId.get('two')).toMatchObject({ record: recordOf('two', { type: 'stopped' }), environment: {} })
    expect(byId.get('two')).not.toHaveProperty('tokenFile')
    expect((await stat(created.directory)).mode & 0o777).toBe(0o700)
    expect((await stat(created.tokenFile ?? '')).mode & 0o777).toBe(0o600)
    expect(await readFile(created.tokenFile ?? '', 'utf8')).toBe('token-1')
    await second.close()
  })

  test('refuses what would be lost or overwritten, and removes what is there with its secrets', async () => {
    await using folder = await temporaryFolder()
    const store = await kind(folder.path)()
    const { directory, tokenFile = '' } = await store.create(recordOf('one'), { token: 'first', environment: {} })
    await expect(store.create(recordOf('one'), { token: 'second', environment: {} })).rejects.toThrow()
    expect(await readFile(tokenFile, 'utf8')).toBe('first')
    await expect(store.update(recordOf('two'))).rejects.toThrow()
    await store.remove('one')
    await store.remove('one')
    expect((await store.load()).sandboxes).toEqual([])
    for (const path of [directory, tokenFile]) await expect(access(path)).rejects.toThrow('ENOENT')
    await store.close()
    await expect(store.create(recordOf('one'), { environment: {} })).rejects.toThrow()
  })

  test('carries a driver over a restart', async () => {
    await using folder = await temporaryFolder()
    const open = kind(folder.path)
    const backend = memoryBackend()
    const socketPath = join(folder.path, 's', 'd.sock')
    for (const expected of [[], ['one']]) {
      await using _server = await serveDriver(memoryDriver(backend), { socketPath, store: await open() })
      const client = computeClient(socketPath)
      expect((await client.unary('listSandboxes', {})).sandboxes.map(({ id }) => id)).toEqual(expected)
      if (expected.length === 0) await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
      client.close()
    }
  })
})

test('a driver keeps its sandboxes in one place', async () => {
  await using folder = await temporaryFolder()
  const where = { socketPath: join(folder.path, 'd.sock'), stateDirectory: join(folder.path, 'state') }
  const store = new MemoryStore(folder.path, new Map())
  const driver = memoryDriver(memoryBackend())
  const text = 'give it either a stateDirectory or a store'
  await expect(serveDriver(driver, { ...where, store })).rejects.toThrow(text)
  await expect(serveDriver(driver, { socketPath: where.socketPath })).rejects.toThrow(text)
})
