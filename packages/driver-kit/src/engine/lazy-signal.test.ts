import { expect, test } from 'vitest'
import { LazySignal } from './lazy-signal.js'

test('an abort is told once, to listeners and to the signal that was asked for', () => {
  const lazy = new LazySignal()
  const told: string[] = []
  const removed = () => told.push('removed')
  lazy.addEventListener('abort', removed)
  lazy.addEventListener('abort', () => told.push('listener'))
  lazy.signal.addEventListener('abort', () => told.push('signal'))
  lazy.removeEventListener('abort', removed)
  expect([lazy.aborted, lazy.signal.aborted]).toEqual([false, false])
  lazy.abort()
  lazy.abort()
  expect([lazy.aborted, lazy.signal.aborted]).toEqual([true, true])
  expect(told.sort()).toEqual(['listener', 'signal'])
})

test('a signal that is asked for after the abort has aborted', () => {
  const lazy = new LazySignal()
  lazy.abort()
  expect(lazy.signal.aborted).toBe(true)
})
