import { expect, onTestFinished, test, vi } from 'vitest'
import { ProgressMeter, type TransferProgress } from './transfer-progress.js'

test('tells at most every 100 ms how far it is, and the end in any case', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const told: TransferProgress[] = []
  const meter = new ProgressMeter((progress) => told.push(progress), 'box', { bytes: 3, files: 1 })
  async function* pieces() {
    for (let piece = 0; piece < 5; piece += 1) {
      yield new Uint8Array(1)
      vi.advanceTimersByTime(40)
    }
  }
  for await (const _ of meter.count(pieces(), 'a'));
  await meter.finish()
  const common = { files: 1, totalFiles: 1, path: 'a' }
  expect(told).toEqual([
    { ...common, bytes: 1, totalBytes: 3 },
    // What was measured before may have grown.
    { ...common, bytes: 4, totalBytes: 4 },
    { ...common, bytes: 5, totalBytes: 5 },
  ])
})

test('a listener is waited for, and what it throws ends the transfer', async () => {
  async function* content() {
    yield new Uint8Array(1)
  }
  const meter = new ProgressMeter(() => Promise.reject(new RangeError('enough')), 'box')
  await expect(meter.count(content()).next()).rejects.toThrow(RangeError)
  await expect(meter.finish()).rejects.toThrow(RangeError)
})
