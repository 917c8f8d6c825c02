import { expect, test, vi } from 'vitest'
import { ConformanceError, type ConformanceReport, runConformance } from '../src/conformance/index.js'
import { goodDriver, goodIndex } from './known-bad/good-driver.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { serveInTest } from './serve-in-test.js'

vi.setConfig({ testTimeout: 60_000 })

const open = { admissionConfigJson: '{"allow_driver_config":true}' }

function idsOf({ results }: ConformanceReport, outcome: string): string[] {
  return results.filter((result) => result.outcome === outcome).map(({ id }) => id)
}

test('a good driver passes everything that it offers on both lines', async () => {
  const driver = goodDriver(memoryBackend())
  await using served = await serveInTest(driver, open)
  const restart = () => served.restart(driver, open)
  const report = await runConformance(served.socketPath, goodIndex, { restart, timeoutMs: 20_000 })
  expect(report.results.filter(({ outcome }) => outcome === 'fail')).toEqual([])
  expect(idsOf(report, 'skip')).toEqual(['selected/gate-off'])
  const notOffered = ['marker/removed', 'migration/removed', 'warnings/v1']
  expect(idsOf(report, 'unsupported')).toEqual([...notOffered, ...notOffered])
  const driverNames = { name: 'good', version: '1.0.0' }
  expect(report).toMatchObject({ driver: driverNames, lines: ['0.0', '0.1'], level: 'L3', interrupted: false })
  expect(report.counts.pass).toBeGreaterThan(250)
  expect((await served.client.unary('listSandboxes', {})).sandboxes).toEqual([])
})

test('a driver without a config passes without published schemas, and their groups are skipped', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const report = await runConformance(served.socketPath, undefined, { lines: ['0.0'] })
  expect(idsOf(report, 'fail')).toEqual([])
  const fields = ['errors/all-problems', 'errors/path', 'errors/bad-request']
  const groups = ['marker', 'unknown', 'types', 'null', 'bounds', 'enum', 'required', 'examples', 'migration']
  expect(idsOf(report, 'skip').filter((id) => !id.startsWith('restart/'))).toEqual([
    'wire/all',
    ...fields,
    ...[...groups, 'warnings', 'agreement'].map((group) => `${group}/all`),
  ])
  expect(report.level).toBe('L2')
})

test('blocks are not judged while the operator keeps them off, but the gate is', async () => {
  await using served = await serveInTest(goodDriver(memoryBackend()))
  const report = await runConformance(served.socketPath, goodIndex, { lines: ['0.1'] })
  expect(idsOf(report, 'fail')).toEqual([])
  expect(idsOf(report, 'pass')).toContain('selected/gate-off')
  expect(idsOf(report, 'skip')).toContain('errors/all-problems')
})

test('groups and cases can be chosen, and one that is not there is an error', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const report = await runConformance(served.socketPath, undefined, {
    only: ['handshake', 'watch/live'],
    lines: ['0.0'],
  })
  expect(idsOf(report, 'fail')).toEqual([])
  expect(new Set(report.results.map(({ id }) => id.split('/')[0]))).toEqual(new Set(['handshake', 'watch']))
  expect(idsOf(report, 'pass').filter((id) => id.startsWith('watch/'))).toEqual(['watch/live'])
  const unknown = runConformance(served.socketPath, undefined, { only: ['watches'] })
  await expect(unknown).rejects.toMatchObject({ kind: 'no-such-case' })
})

test('sandboxes of others are left alone', async () => {
  const backend = memoryBackend()
  await using served = await serveInTest(memoryDriver(backend))
  const sandbox = { id: 'other', name: 'other', workspace: 'default' }
  await served.client.unary('createSandbox', { sandbox })
  await runConformance(served.socketPath, undefined, { only: ['lifecycle'], lines: ['0.0'] })
  expect([...backend.sandboxes.keys()]).toEqual(['other'])
})

test('a run that is ended removes its sandboxes and reports what ran', async () => {
  const backend = memoryBackend()
  await using served = await serveInTest(memoryDriver(backend))
  const end = new AbortController()
  const report = await runConformance(served.socketPath, undefined, {
    signal: end.signal,
    onResult: ({ id }) => {
      if (id.startsWith('lifecycle/')) end.abort()
    },
  })
  expect(report.interrupted).toBe(true)
  expect(report.counts.fail).toBe(0)
  expect(report.counts.pass).toBeGreaterThan(0)
  expect(report.results.length).toBeLessThan(50)
  expect([...backend.sandboxes.keys()]).toEqual([])
})

test('a restart that fails is a failure of the cases that need it', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const restart = () => Promise.reject(new Error('the service is masked'))
  const options = { restart, only: ['restart/nothing-lost'], lines: ['0.0' as const] }
  const { results } = await runConformance(served.socketPath, undefined, options)
  expect(results).toMatchObject([{ outcome: 'fail', received: 'the service is masked' }])
})

test.each([
  [[], 'the index must be an object'],
  [{ versions: { min: 1, max: 1, baseline: 1 }, schemas: [] }, 'schemas must be a list'],
  [{ versions: { min: 1, max: 'x', baseline: 1 }, schemas: [{ version: 1, schema: {} }] }, 'versions.max must be'],
  [
    { versions: { min: 1, max: 1, baseline: 1 }, schemas: [{ version: 1, schema: { type: 'x' } }] },
    'JSON Schema 2020-12',
  ],
])('published schemas that cannot be read are an error: %j', async (index, text) => {
  const error = await runConformance('/tmp/no-driver.sock', index).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ConformanceError)
  expect(error).toMatchObject({ kind: 'index-invalid', message: expect.stringContaining(text) })
})
