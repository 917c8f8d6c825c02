import { create } from '@bufbuild/protobuf'
import { type DriverSandbox, DriverSandboxSchema, type WatchSandboxesEvent } from '@openshell-ts/protocol/compute'
import { expect, test } from 'vitest'
import type { WatchFeed } from './watch-feed.js'
import { WatchHub } from './watch-hub.js'

const sandbox = (id: string): DriverSandbox => create(DriverSandboxSchema, { id })

function idOf({ payload }: WatchSandboxesEvent): string {
  if (payload.case === 'deleted') return `gone ${payload.value.sandboxId}`
  return payload.case === 'sandbox' ? `here ${payload.value.sandbox?.id}` : 'event'
}

/** Reads so many events of a feed and leaves it. */
async function take(feed: WatchFeed, count: number): Promise<string[]> {
  const ids: string[] = []
  for await (const event of feed) {
    ids.push(idOf(event))
    if (ids.length === count) break
  }
  return ids
}

function hubOf(sandboxes: readonly DriverSandbox[], backlogLimit = 100): WatchHub {
  return new WatchHub({ snapshot: () => sandboxes, backlogLimit })
}

test('deletions that a reader leaves unread are told to the next one, and those that it has read are not', async () => {
  const hub = hubOf([sandbox('a')])
  const leaving = hub.subscribe()
  for (const id of ['x', 'y', 'z']) hub.publishDeleted(id)
  expect(await take(leaving, 2)).toEqual(['here a', 'gone x'])
  expect(await take(hub.subscribe(), 3)).toEqual(['gone y', 'gone z', 'here a'])
  expect(await take(hub.subscribe(), 1)).toEqual(['here a'])
})

test('deletions are kept for a reader that is cut off, the one that was too many included, also when others have them', async () => {
  const hub = hubOf([sandbox('a')], 2)
  const slow = hub.subscribe()
  const fast = take(hub.subscribe(), 4)
  for (const id of ['x', 'y', 'z']) {
    hub.publishDeleted(id)
    await new Promise(setImmediate)
  }
  expect(await fast).toEqual(['here a', 'gone x', 'gone y', 'gone z'])
  await expect(take(slow, 9)).rejects.toThrow('fell 2 events behind')
  expect(await take(hub.subscribe(), 4)).toEqual(['gone x', 'gone y', 'gone z', 'here a'])
})

test('a deletion is forgotten when its id is in use again', async () => {
  const hub = hubOf([sandbox('x')])
  hub.publishDeleted('x')
  hub.publishDeleted('y')
  expect(await take(hub.subscribe(), 2)).toEqual(['gone y', 'here x'])
})

test('of more deletions than can be kept the oldest are forgotten', async () => {
  const hub = hubOf([])
  for (let index = 0; index < 10_002; index++) hub.publishDeleted(`${index}`)
  const ids = await take(hub.subscribe(), 10_000)
  expect([ids[0], ids.at(-1)]).toEqual(['gone 2', 'gone 10001'])
})
