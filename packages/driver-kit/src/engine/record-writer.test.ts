import { expect, test } from 'vitest'
import { silentLogger } from '../driver/driver-logger.js'
import { RecordWriter } from './record-writer.js'
import { SandboxEntry } from './sandbox-entry.js'
import type { SandboxRecord } from './sandbox-record.js'
import type { SandboxStore } from './sandbox-store.js'

function entry(): SandboxEntry {
  const now = new Date(0).toISOString()
  const spec = { id: 'one', name: 'one' } as SandboxRecord['spec']
  return new SandboxEntry(
    { spec, createdAt: now, state: { type: 'running' }, stateSince: now },
    { ok: true, value: {} },
  )
}

/** A store whose writes wait until the test lets them go. */
function slowStore(fail = false) {
  const written: SandboxRecord[] = []
  const waiting: (() => void)[] = []
  const store = {
    async update(record: SandboxRecord) {
      await new Promise<void>((resolve) => waiting.push(resolve))
      if (fail) throw new Error('disk full')
      written.push(record)
    },
  } as Partial<SandboxStore> as SandboxStore
  return { store, written, release: () => waiting.shift()?.() }
}

test('many changes while a write runs become one more write, of the last state', async () => {
  const { store, written, release } = slowStore()
  const writer = new RecordWriter(store, silentLogger)
  const sandbox = entry()
  for (let exitCode = 0; exitCode < 100; exitCode++) {
    sandbox.setState({ type: 'exited', exitCode }, new Date())
    writer.saveSoon(sandbox)
  }
  release()
  await expect.poll(() => written.length).toBe(1)
  release()
  await writer.flush()
  expect(written.map(({ state }) => state)).toEqual([
    { type: 'exited', exitCode: 0 },
    { type: 'exited', exitCode: 99 },
  ])
})

test('a forgotten sandbox is not written again', async () => {
  const { store, written, release } = slowStore()
  const writer = new RecordWriter(store, silentLogger)
  const sandbox = entry()
  writer.saveSoon(sandbox)
  writer.saveSoon(sandbox)
  const forgotten = writer.forget(sandbox)
  release()
  await forgotten
  expect(written).toHaveLength(1)
})

test('a full disk fails what depends on the write, and is logged where nothing does', async () => {
  const { store, release } = slowStore(true)
  const errors: unknown[] = []
  const writer = new RecordWriter(store, { ...silentLogger, error: (fields) => void errors.push(fields) })
  const save = writer.save(entry())
  release()
  await expect(save).rejects.toThrow('disk full')
  const ifPossible = writer.saveIfPossible(entry())
  release()
  await ifPossible
  expect(errors).toMatchObject([{ sandboxId: 'one', err: { message: 'disk full' } }])
})

test('however many sandboxes change, a few are written at a time, each once', async () => {
  const { store, written, release } = slowStore()
  let running = 0
  let most = 0
  const update = store.update.bind(store)
  store.update = async (record) => {
    running += 1
    most = Math.max(most, running)
    await update(record)
    running -= 1
  }
  const writer = new RecordWriter(store, silentLogger)
  for (let count = 0; count < 100; count++) writer.saveSoon(entry())
  const flushed = writer.flush()
  while (written.length < 100) {
    release()
    await Promise.resolve()
  }
  await flushed
  expect([written.length, most]).toEqual([100, 8])
})
