import { expect, test } from 'vitest'
import { allCases } from '../src/conformance/all-cases.js'
import { readPublishedIndex } from '../src/conformance/published-index.js'
import { type RunConformanceOptions, runConformance } from '../src/conformance/run-conformance.js'
import { configFaults } from './known-bad/config-faults.js'
import { type DriverFault, serveFaulty } from './known-bad/forwarding-driver.js'
import { goodDriver, goodIndex } from './known-bad/good-driver.js'
import { handshakeFaults, requestFaults } from './known-bad/handshake-faults.js'
import { stateFaults } from './known-bad/state-faults.js'
import { watchFaults } from './known-bad/watch-faults.js'
import { memoryBackend } from './memory-driver.js'

const knownBad = [...handshakeFaults, ...requestFaults, ...configFaults, ...stateFaults, ...watchFaults]

test('a driver that is only forwarded passes everything', async () => {
  expect(await failuresOf({}, { lines: ['0.0'], timeoutMs: 20_000 })).toEqual([])
}, 60_000)

test.each(knownBad)('a driver that $driver fails $mustFail', async ({ mustFail, fault, line = '0.0' }) => {
  expect(await failuresOf(fault, { only: [mustFail], timeoutMs: 500, lines: [line] })).toEqual([mustFail])
})

test('every group has a driver that fails it', () => {
  const groups = new Set(allCases(readPublishedIndex(goodIndex)).map(({ id }) => id.split('/')[0]))
  const failed = new Set(knownBad.map(({ mustFail }) => mustFail.split('/')[0]))
  expect([...groups].filter((group) => !failed.has(group))).toEqual([])
})

async function failuresOf(fault: DriverFault, options: RunConformanceOptions): Promise<string[]> {
  const backend = memoryBackend()
  await using faulty = await serveFaulty(() => goodDriver(backend), fault)
  const { results } = await runConformance(faulty.socketPath, goodIndex, { restart: faulty.restart, ...options })
  return results.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id)
}
