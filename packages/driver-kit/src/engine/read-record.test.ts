import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatRecord, readRecord } from './read-record.js'
import type { SandboxRecord } from './sandbox-record.js'

const record: SandboxRecord = {
  spec: {
    id: 'one',
    name: 'name-one',
    workspace: 'default',
    image: 'acme/base:1',
    command: ['sh', '-c', 'x'],
    tty: true,
    logLevel: '',
    labels: { a: 'b' },
    agentSocketPath: '',
    awaitMainProcessAttachment: false,
    gpu: { count: 2 },
    platformConfig: { x: [1, null] },
  },
  driverConfig: { schema_version: 1, driver_version: '1.4.0', digest: 'sha256:x', config: { size: '1Gi' } },
  createdAt: '2026-03-04T05:06:07.000Z',
  state: { type: 'exited', exitCode: 3 },
  stateSince: '2026-03-04T05:06:08.000Z',
  operation: 'stop',
}

test('a record comes back as it was written', () => {
  expect(readRecord(formatRecord(record), 'one')).toEqual(record)
  const { operation: _, driverConfig: __, ...bare } = record
  expect(readRecord(formatRecord(bare), 'one')).toEqual(bare)
})

test('a wrong record is refused with what is wrong, without its content', () => {
  const edited = (edit: object) => JSON.stringify({ ...JSON.parse(formatRecord(record)), ...edit })
  const cases: [string, string][] = [
    ['{"secret-content', 'it is not valid JSON'],
    ['[]', 'it is not a JSON object'],
    ['{}', 'it has no known format number'],
    [edited({ format: 7 }), 'it was written by a newer driver (format 7, this driver reads 1)'],
    [edited({ spec: { ...record.spec, id: 'secret-content' } }), 'its spec.id is not the name of its folder'],
    [edited({ spec: { ...record.spec, name: '' } }), 'its spec.name is empty'],
    [edited({ spec: { ...record.spec, command: [1] } }), 'its spec.command is not a list of text'],
    [edited({ state: { type: 'secret-content' } }), 'its state is unknown'],
    [edited({ state: { type: 'exited' } }), 'its state.exitCode is not a number'],
    [edited({ state: { type: 'failed', reason: 1 } }), 'its reason is not text'],
    [edited({ stateSince: 'secret-content' }), 'its stateSince is not a time'],
    [edited({ operation: 'secret-content' }), 'its operation is unknown'],
    [edited({ driverConfig: { config: {} } }), 'its driverConfig.schema_version is not a number'],
  ]
  for (const [text, problem] of cases) expect(() => readRecord(text, 'one')).toThrow(new Error(problem))
})

test('no text makes reading fail in another way than with a sentence', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(() => readRecord(text, 'one')).toThrow(/^it(s| is| has| was) /)
    }),
  )
})
