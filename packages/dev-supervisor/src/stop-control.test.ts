import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StopControl } from './stop-control.js'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function startedControl() {
  const calls: string[] = []
  const control = new StopControl({
    exitCode: new Promise<number>(() => {}),
    terminate: () => calls.push('terminate'),
    kill: () => calls.push('kill'),
  })
  return { control, calls }
}

test('asks first, and kills when the grace is over', () => {
  const { control, calls } = startedControl()
  control.request(5_000)
  vi.advanceTimersByTime(4_999)
  expect(calls).toEqual(['terminate'])
  vi.advanceTimersByTime(1)
  expect(calls).toEqual(['terminate', 'kill'])
  expect(control.giveUp.aborted).toBe(false)
})

test('a later request sets the grace anew, and 0 kills at once and gives the report up', () => {
  const { control, calls } = startedControl()
  control.request(5_000)
  control.request(100)
  vi.advanceTimersByTime(100)
  expect(calls).toEqual(['terminate', 'kill'])
  control.request(0)
  expect(calls).toEqual(['terminate', 'kill', 'kill'])
  expect(control.giveUp.aborted).toBe(true)
})

test('nothing is signalled once the main process has ended', () => {
  const { control, calls } = startedControl()
  control.request(5_000)
  control.mainEnded()
  control.request(5_000)
  vi.advanceTimersByTime(60_000)
  expect(calls).toEqual(['terminate'])
})

test.each([
  ['before', (control: StopControl) => [() => control.request(5_000), () => control.mainEnded()]],
  ['after', (control: StopControl) => [() => control.mainEnded(), () => control.request(5_000)]],
])('a request %s the exit leaves the report 2 s', (_when, steps) => {
  const { control } = startedControl()
  for (const step of steps(control)) step()
  vi.advanceTimersByTime(1_999)
  expect(control.giveUp.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(control.giveUp.aborted).toBe(true)
})

test('without a request the report is not limited', () => {
  const { control } = startedControl()
  control.mainEnded()
  vi.advanceTimersByTime(60_000)
  expect(control.giveUp.aborted).toBe(false)
})
