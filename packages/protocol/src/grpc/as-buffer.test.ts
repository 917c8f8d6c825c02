import { expect, test } from 'vitest'
import { asBuffer } from './as-buffer.js'

test('is a view of exactly the same memory', () => {
  const memory = new Uint8Array([1, 2, 3, 4, 5])
  const view = asBuffer(memory.subarray(1, 4))
  expect([...view]).toEqual([2, 3, 4])
  memory[2] = 9
  expect([...view]).toEqual([2, 9, 4])
})
