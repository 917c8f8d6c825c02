import { create } from '@bufbuild/protobuf'
import { type WatchSandboxesEvent, WatchSandboxesEventSchema } from '@openshell-ts/protocol/compute'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WatchFeed } from './watch-feed.js'

const event = (sandboxId: string): WatchSandboxesEvent =>
  create(WatchSandboxesEventSchema, { payload: { case: 'deleted', value: { sandboxId } } })

async function readAll(feed: WatchFeed): Promise<{ ids: string[]; end: unknown }> {
  const ids: string[] = []
  try {
    for await (const { payload } of feed) if (payload.case === 'deleted') ids.push(payload.value.sandboxId)
  } catch (end) {
    return { ids, end }
  }
  return { ids, end: undefined }
}

test('a reader gets every event once and in order, however reads and writes interleave', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 }), async (bursts) => {
      const feed = new WatchFeed(1_000, () => undefined)
      feed.begin([event('s0'), event('s1')])
      const reading = readAll(feed)
      const sent = ['s0', 's1']
      for (const burst of bursts) {
        for (let index = 0; index < burst; index++) {
          sent.push(`e${sent.length}`)
          feed.push(event(`e${sent.length - 1}`))
        }
        await Promise.resolve()
      }
      feed.shutDown()
      expect((await reading).ids).toEqual(sent)
    }),
  )
})

test('the snapshot does not count as backlog, one live event too many ends the feed', async () => {
  const feed = new WatchFeed(2, () => undefined)
  feed.begin(Array.from({ length: 10 }, (_, index) => event(`s${index}`)))
  feed.push(event('a'))
  feed.push(event('b'))
  feed.push(event('c'))
  const { ids, end } = await readAll(feed)
  expect(ids).toEqual([])
  expect(end).toMatchObject({ message: expect.stringContaining('fell 2 events behind') })
})

test('a shutdown ends the feed after what waits', async () => {
  const feed = new WatchFeed(10, () => undefined)
  feed.begin([event('a')])
  feed.push(event('b'))
  feed.shutDown()
  feed.push(event('c'))
  const { ids, end } = await readAll(feed)
  expect(ids).toEqual(['a', 'b'])
  expect(end).toMatchObject({ message: expect.stringContaining('shutting down') })
})

test('a reader that goes away closes the feed', async () => {
  let closed = 0
  const feed = new WatchFeed(10, () => void closed++)
  feed.begin([event('a'), event('b')])
  for await (const _ of feed) break
  expect(closed).toBe(1)
  const waiting = new WatchFeed(10, () => void closed++)
  const reading = readAll(waiting)
  await Promise.resolve()
  waiting.close()
  expect(await reading).toEqual({ ids: [], end: undefined })
})
