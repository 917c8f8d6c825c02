import { expect, test } from 'vitest'
import type { StoredRecord } from '../records/stored-record.js'
import { RecordStore } from './record-store.js'

test('a name is taken once in a scope', () => {
  const store = new RecordStore<string>({ now: () => 5 })
  expect(store.insert('default', 'one', 'a')).toMatchObject({ createdAtMs: 5, resourceVersion: 1, value: 'a' })
  expect(store.insert('default', 'one', 'b')).toBeUndefined()
  expect(store.insert('other', 'one', 'c')?.value).toBe('c')
  expect(store.find('default', 'one')?.value).toBe('a')
})

test('a write counts the version and keeps the place in the list', () => {
  const store = new RecordStore<string>({ now: () => 5 })
  const first = store.insert('default', 'one', 'a')
  store.insert('default', 'two', 'b')
  expect(store.update(first?.id ?? '', 'A')).toMatchObject({ resourceVersion: 2, value: 'A' })
  expect(store.list('default').map(({ value }) => value)).toEqual(['A', 'b'])
  expect(store.update('nobody', 'x')).toBeUndefined()
})

test('removed records free their names, and only their own scope loses them', () => {
  const store = new RecordStore<string>({ now: () => 5 })
  const first = store.insert('default', 'one', 'a')
  store.insert('other', 'one', 'b')
  expect(store.remove(first?.id ?? '')).toBe(true)
  expect(store.remove(first?.id ?? '')).toBe(false)
  expect(store.insert('default', 'one', 'c')?.value).toBe('c')
  store.removeScope('default')
  expect(store.list().map(({ value }) => value)).toEqual(['b'])
})

test('every change is kept, and another store goes on from it', () => {
  let kept: readonly StoredRecord<string>[] = []
  const store = new RecordStore<string>({ now: () => 5, save: (records) => (kept = records) })
  store.insert('default', 'one', 'a')
  const id = store.insert('default', 'two', 'b')?.id ?? ''
  store.update(id, 'B')
  const next = new RecordStore<string>({ now: () => 6, saved: kept })
  expect(next.list()).toEqual(store.list())
  expect(next.find('default', 'two')?.id).toBe(id)
})
