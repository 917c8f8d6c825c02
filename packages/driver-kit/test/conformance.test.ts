import { expect, test } from 'vitest'
import { ConformanceError, type ConformanceReport, runConformance } from '../src/conformance/index.js'
import { goodDriver, goodIndex } from './known-bad/good-driver.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { serveInTest } from './serve-in-test.js'

const open = { admissionConfigJson: '{"allow_driver_config":true}' }

function idsOf({ results }: ConformanceReport, outcome: string): string[] {
  return results.filter((result) => result.outcome === outcome).map(({ id }) => id)
}

test.each([
  ['0.0', []],
  ['0.1', ['handshake/runtime-identity', 'handshake/authenticate']],
] as const)('a good driver passes everything that it offers on line %s', async (line, notOffered) => {
  const driver = goodDriver(memoryBackend())
  await using served = await serveInTest(driver, open)
  const restart = () => served.restart(driver, open)
  const report = await runConformance(served.socketPath, { line, index: goodIndex, restart, timeoutMs: 5_000 })
  expect(report.results.filter(({ outcome }) => outcome === 'fail')).toEqual([])
  expect(idsOf(report, 'skip')).toEqual(line === '0.1' ? ['selected/gate-off'] : [])
  expect(idsOf(report, 'unsupported')).toEqual([...notOffered, 'marker/removed', 'warnings/v1', 'examples/v2'])
  expect(report).toMatchObject({ driver: { name: 'good', version: '1.0.0' }, line, level: 'L3' })
  expect(report.counts.pass).toBeGreaterThan(100)
  expect((await served.client.unary('listSandboxes', {})).sandboxes).toEqual([])
})

test('a driver without a config passes without published schemas, and their groups are skipped', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const report = await runConformance(served.socketPath, { timeoutMs: 5_000 })
  expect(report.counts.fail).toBe(0)
  const fields = ['errors/all-problems', 'errors/path', 'errors/bad-request']
  const groups = ['marker', 'unknown', 'types', 'null', 'bounds', 'enum', 'required', 'examples', 'migration']
  expect(idsOf(report, 'skip').filter((id) => !id.startsWith('restart/'))).toEqual([
    ...fields,
    ...[...groups, 'warnings', 'agreement'].map((group) => `${group}/all`),
  ])
  expect(report.level).toBe('L2')
})

test('blocks are not judged while the operator keeps them off, but the gate is', async () => {
  await using served = await serveInTest(goodDriver(memoryBackend()))
  const report = await runConformance(served.socketPath, { line: '0.1', index: goodIndex, timeoutMs: 5_000 })
  expect(idsOf(report, 'fail')).toEqual([])
  expect(idsOf(report, 'pass')).toContain('selected/gate-off')
  expect(idsOf(report, 'skip')).toContain('errors/all-problems')
})

test('a filter takes a group or a case, and one that matches nothing is an error', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const group = await runConformance(served.socketPath, { filter: 'watch' })
  expect(new Set(group.results.map(({ id }) => id.split('/')[0]))).toEqual(new Set(['watch']))
  const one = await runConformance(served.socketPath, { filter: 'watch/live' })
  expect(idsOf(one, 'pass')).toEqual(['watch/live'])
  await expect(runConformance(served.socketPath, { filter: 'watches' })).rejects.toMatchObject({ kind: 'no-such-case' })
})

test('sandboxes of others are left alone', async () => {
  const backend = memoryBackend()
  await using served = await serveInTest(memoryDriver(backend))
  const sandbox = { id: 'other', name: 'other', workspace: 'default' }
  await served.client.unary('createSandbox', { sandbox })
  await runConformance(served.socketPath, { filter: 'lifecycle' })
  expect([...backend.sandboxes.keys()]).toEqual(['other'])
})

test('an aborted signal ends the run with its reason', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const run = runConformance(served.socketPath, { signal: AbortSignal.abort(new Error('enough')) })
  await expect(run).rejects.toThrow('enough')
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
  const error = await runConformance('/tmp/no-driver.sock', { index }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ConformanceError)
  expect(error).toMatchObject({ kind: 'index-invalid', message: expect.stringContaining(text) })
})
