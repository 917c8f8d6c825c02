import { publishConfig } from '@openshell-ts/driver-config'
import Type from 'typebox'
import { expect, test, vi } from 'vitest'
import { runConformance } from '../src/conformance/index.js'
import { defineDriver, defineDriverConfig } from '../src/index.js'
import { goodConfig, goodDriver } from './known-bad/good-driver.js'
import { memoryBackend, memoryHandlers } from './memory-driver.js'
import { serveInTest } from './serve-in-test.js'

vi.setConfig({ testTimeout: 60_000 })

const vectors = publishConfig(goodConfig).files.find(({ name }) => name === 'conformance.json')?.text
const open = { admissionConfigJson: '{"allow_driver_config":true}' }
const chosen = { vectors, only: ['vectors'] } as const

test('a driver gives the verdicts that its config publishes, on both lines', async () => {
  await using served = await serveInTest(goodDriver(memoryBackend()), open)
  const { results, counts } = await runConformance(served.socketPath, undefined, chosen)
  expect(results.filter(({ outcome }) => outcome !== 'pass')).toEqual([])
  expect(counts.pass).toBeGreaterThan(140)
})

test('a driver that judges differently fails the vectors that show it', async () => {
  const size = Type.Integer({ minimum: 1, maximum: 2_000_000 })
  const other = defineDriverConfig('good')
    .version(1, Type.Object({ size_bytes: Type.Optional(size), mode: Type.Optional(Type.String()) }), {
      examples: {
        minimal: {},
        full: { size_bytes: 1 },
        invalid: [{ value: { size_bytes: 0 }, code: 'NUMBER_OUT_OF_RANGE', path: 'driver_config.size_bytes' }],
      },
    })
    .build()
  const driver = defineDriver({ ...memoryHandlers(memoryBackend()), name: 'good', version: '1.0.0', config: other })
  await using served = await serveInTest(driver, open)
  const { results } = await runConformance(served.socketPath, undefined, { ...chosen, lines: ['0.0'] })
  const outcomes = new Map(results.map(({ id, outcome }) => [id, outcome]))
  const expected = {
    // A version that it does not read, a value and a kind that it takes, and what is the same everywhere.
    'vectors/examples/v2/minimal': 'fail',
    'vectors/marker/too-new/3': 'pass',
    'vectors/examples/v1/invalid/0': 'fail',
    'vectors/types/v1/size/1': 'fail',
    'vectors/selected/empty': 'pass',
  }
  expect(Object.fromEntries(Object.keys(expected).map((id) => [id, outcomes.get(id)]))).toEqual(expected)
})

test('a document that holds no vectors is refused before anything is examined', async () => {
  const examined = runConformance('/nowhere.sock', undefined, { vectors: '{}' })
  await expect(examined).rejects.toMatchObject({
    kind: 'index-invalid',
    message: expect.stringContaining('conformance'),
  })
})
