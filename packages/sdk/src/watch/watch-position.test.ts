import { expect, test } from 'vitest'
import type { WireWatchEvent } from '../wire/watch-calls.js'
import type { WatchEvent } from './watch-event.js'
import { WatchPosition } from './watch-position.js'

const at = (second: number) => new Date(second * 1000)

function event(message: string, second: number, cursor?: string): WireWatchEvent {
  const content = { at: at(second), source: 's', type: 'Normal', reason: 'R', message, metadata: {} }
  return { type: 'platform-event', event: content, ...(cursor === undefined ? {} : { cursor }) }
}

function deliver(position: WatchPosition, ...events: readonly WireWatchEvent[]): string[] {
  const name = (delivered: WatchEvent) =>
    delivered.type === 'platform-event'
      ? delivered.event.message
      : `${delivered.type} ${Reflect.get(delivered, 'reason')}`
  return events.flatMap((each) => [...position.accept(each)].map(name))
}

test('goes on after the cursor that is greatest by bytes, whatever came last', () => {
  const position = new WatchPosition({})
  // By UTF-16 units the second of these would be the lesser one.
  deliver(position, event('a', 1, '\u{e000}'), event('b', 2, '\u{1f600}'), event('c', 3, 'z'))
  expect(position.toRequest().resumeAfterCursor).toBe('\u{1f600}')
})

test('takes everything that comes after a cursor for new', () => {
  const position = new WatchPosition({})
  deliver(position, event('same', 1, '1'))
  position.reopen()
  expect(deliver(position, event('same', 1, '2'))).toEqual(['same'])
})

test('drops what a replayed tail repeats once the cursor is lost, and never asks with it again', () => {
  const position = new WatchPosition({ eventTail: 1 })
  deliver(position, event('a', 1, '8'))
  position.loseCursor()
  position.reopen()
  expect(position.toRequest()).toMatchObject({ resumeAfterCursor: '', eventTail: 50 })
  expect(deliver(position, event('a', 1), event('b', 2, '3'))).toEqual(['b'])
  expect(position.toRequest().resumeAfterCursor).toBe('3')
})

test('reports a gap where the gateway says that it dropped events', () => {
  expect(deliver(new WatchPosition({}), { type: 'warning', message: 'dropped 3' })).toEqual(['gap lagged'])
})

test('knows a repetition by the whole of it: the clocks behind two sources differ, and two items may be alike', () => {
  const position = new WatchPosition({})
  deliver(position, event('of the gateway', 5), event('alike', 3), event('alike', 3))
  position.reopen()
  const replayed = [event('before the watch', 1), event('alike', 3), event('alike', 3), event('of the gateway', 5)]
  expect(deliver(position, ...replayed, event('of a slow clock', 2), event('alike', 3))).toEqual([
    'of a slow clock',
    'alike',
  ])
})

test('remembers what a gateway may replay, and not everything that it ever delivered', () => {
  const position = new WatchPosition({})
  const all = Array.from({ length: 4_010 }, (_, index) => event(`event ${index}`, index))
  deliver(position, ...all)
  position.reopen()
  expect(deliver(position, ...all.slice(20, 21), ...all.slice(0, 20)).length).toBe(10)
})
