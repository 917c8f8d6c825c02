import { status as codes } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { type SandboxRecord, type SandboxSecrets, serveDriver } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { MemoryStore } from './memory-store.js'
import { rejection } from './rejection.js'
import { computeClient, sandboxMessage, temporaryFolder } from './serve-in-test.js'

/** A store on a disk that can be full. */
class FillableStore extends MemoryStore {
  full = false

  override async create(record: SandboxRecord, secrets: SandboxSecrets) {
    this.#requireRoom()
    return super.create(record, secrets)
  }

  override async update(record: SandboxRecord) {
    this.#requireRoom()
    return super.update(record)
  }

  #requireRoom(): void {
    if (this.full) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  }
}

async function serveOnStore() {
  const folder = await temporaryFolder()
  const store = new FillableStore(folder.path, new Map())
  const backend = memoryBackend()
  const errors: unknown[] = []
  const logger = { debug() {}, info() {}, warn() {}, error: (fields: object) => void errors.push(fields) }
  const socketPath = `${folder.path}/s/d.sock`
  const server = await serveDriver(memoryDriver(backend), { socketPath, store, logger })
  const client = computeClient(socketPath)
  const close = async () => {
    client.close()
    await server.close()
    await folder[Symbol.asyncDispose]()
  }
  return { store, backend, client, errors, [Symbol.asyncDispose]: close }
}

test('a create on a full disk is refused with what to do, and never reaches the backend', async () => {
  await using served = await serveOnStore()
  served.store.full = true
  const error = await rejection(served.client.unary('createSandbox', { sandbox: sandboxMessage('one') }))
  expect([error.code, error.details]).toEqual([
    codes.FAILED_PRECONDITION,
    'The driver cannot write its state directory; its operator must make room or repair it.',
  ])
  expect(served.backend.calls).toEqual([])
  served.store.full = false
  await served.client.unary('createSandbox', { sandbox: sandboxMessage('one') })
})

test('a disk that fills up in the middle of a create undoes it', async () => {
  await using served = await serveOnStore()
  const create = served.store.create.bind(served.store)
  served.store.create = async (record, secrets) => {
    const stored = await create(record, secrets)
    served.store.full = true
    return stored
  }
  const error = await rejection(served.client.unary('createSandbox', { sandbox: sandboxMessage('one') }))
  expect(error.code).toBe(codes.INTERNAL)
  expect(served.backend.calls).toEqual(['create one', 'delete one'])
  expect((await served.client.unary('listSandboxes', {})).sandboxes).toEqual([])
})

test('on a full disk a sandbox can still be stopped, started and deleted, and the log says what is not stored', async () => {
  await using served = await serveOnStore()
  const { client, store, backend } = served
  await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  store.full = true
  await client.unary('stopSandbox', { sandboxId: 'one' })
  await client.unary('startSandbox', { sandboxId: 'one' })
  expect((await client.unary('deleteSandbox', { sandboxId: 'one' })).deleted).toBe(true)
  expect(backend.calls).toEqual(['create one', 'stop one', 'start one', 'delete one'])
  expect(served.errors).toContainEqual(
    expect.objectContaining({ sandboxId: 'one', err: expect.objectContaining({ code: 'ENOSPC' }) }),
  )
})

test('a state that cannot be read stops the start with the reason', async () => {
  await using folder = await temporaryFolder()
  const store = new FillableStore(folder.path, new Map())
  store.load = () => Promise.reject(new Error('EACCES: permission denied, scandir'))
  const starting = serveDriver(memoryDriver(memoryBackend()), { socketPath: `${folder.path}/s/d.sock`, store })
  await expect(starting).rejects.toThrow('EACCES: permission denied, scandir')
})
