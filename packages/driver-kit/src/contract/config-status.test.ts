import { fromBinary } from '@bufbuild/protobuf'
import { anyUnpack } from '@bufbuild/protobuf/wkt'
import { status as codes } from '@grpc/grpc-js'
import type { ConfigIssue } from '@openshell-ts/driver-config'
import { BadRequestSchema, ErrorInfoSchema, HelpSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toConfigStatus } from './config-status.js'
import { errorBudgetBytes, errorBytes } from './error-budget.js'

const driver = { name: 'acme', version: '1.4.0', domain: 'acme.example', versions: { min: 1, max: 2 } }

function issue(more: Partial<ConfigIssue> = {}): ConfigIssue {
  return {
    code: 'UNKNOWN_FIELD',
    severity: 'error',
    fault: 'user',
    pointer: '/a',
    path: 'driver_config.a',
    message: 'driver_config.a: unknown field',
    fix: 'Remove the key.',
    schemaVersion: 2,
    ...more,
  }
}

function decode(issues: readonly [ConfigIssue, ...ConfigIssue[]]) {
  const status = toConfigStatus(issues, driver, 'validate')
  const decoded = status.details && fromBinary(StatusSchema, status.details)
  const find = <Schema extends typeof BadRequestSchema | typeof ErrorInfoSchema | typeof HelpSchema>(schema: Schema) =>
    decoded?.details.flatMap((detail) => anyUnpack(detail, schema) ?? [])[0]
  return {
    status,
    decoded,
    badRequest: find(BadRequestSchema),
    errorInfo: find(ErrorInfoSchema),
    help: find(HelpSchema),
  }
}

const anyIssue = fc
  .record({
    path: fc.string({ unit: 'binary', maxLength: 400 }),
    message: fc.string({ unit: fc.constantFrom('a', ' ', 'é', '%', '\n', '\ud800', '🙂'), maxLength: 3_000 }),
    fix: fc.string({ maxLength: 300 }),
    url: fc.constantFrom('https://acme.example/config', undefined),
  })
  .map(({ url, ...fields }) => issue({ ...fields, ...(url === undefined ? {} : { url }) }))

test('any report fits the budget, and its details repeat its code and text exactly', () => {
  fc.assert(
    fc.property(fc.array(anyIssue, { minLength: 1, maxLength: 60 }), (list) => {
      const issues = list as [ConfigIssue, ...ConfigIssue[]]
      const { status, decoded } = decode(issues)
      expect(errorBytes(status.message, status.details)).toBeLessThanOrEqual(errorBudgetBytes)
      if (decoded) expect([decoded.code, decoded.message]).toEqual([status.code, status.message])
      const again = toConfigStatus(issues, driver, 'validate')
      expect([again.message, again.details]).toEqual([status.message, status.details])
    }),
    { numRuns: 60 },
  )
})

test('the text alone says everything: a line a problem, with what to change', () => {
  const { status } = decode([issue(), issue({ message: 'driver_config.b: is required.', fix: 'Add "b".' })])
  expect(status.message).toBe(
    [
      'driver acme refuses this driver_config (2 problems):',
      '- driver_config.a: unknown field. Remove the key.',
      '- driver_config.b: is required. Add "b".',
    ].join('\n'),
  )
})

test('at most 16 problems are listed, and the rest is counted exactly', () => {
  const many = Array.from({ length: 40 }, (_, index) => issue({ path: `driver_config.k${index}` }))
  const { status, badRequest, errorInfo } = decode(many as [ConfigIssue, ...ConfigIssue[]])
  expect(status.message).toContain('(40 problems):')
  expect(status.message).toMatch(/\n\+24 more$/)
  expect(badRequest).toHaveProperty('fieldViolations.length', 16)
  expect(errorInfo).toMatchObject({ metadata: { total: '40' } })
})

test('the link goes first, then violations from the end; the text stays whole', () => {
  const url = 'https://acme.example/config'
  expect(decode([issue({ url })]).help).toMatchObject({ links: [{ url }] })
  const long = Array.from({ length: 12 }, (_, index) =>
    issue({ path: `driver_config.k${index}`, message: `k${index} ${'x'.repeat(140)}`, url }),
  )
  const { status, badRequest, help } = decode(long as [ConfigIssue, ...ConfigIssue[]])
  const kept = (badRequest as { fieldViolations: { field: string }[] }).fieldViolations.map(({ field }) => field)
  expect(help).toBeUndefined()
  expect(kept.length).toBeGreaterThan(0)
  expect(kept.length).toBeLessThan(12)
  expect(kept).toEqual(long.slice(0, kept.length).map(({ path }) => path))
  expect(status.message.split('\n')).toHaveLength(13)
})

test('faults decide the code, and a fault of the driver is said to be one', () => {
  const code = (fault: ConfigIssue['fault'], call: 'validate' | 'create') =>
    codes[toConfigStatus([issue({ fault })], driver, call).code]
  expect([code('user', 'validate'), code('user', 'create')]).toEqual(['INVALID_ARGUMENT', 'FAILED_PRECONDITION'])
  expect([code('operator', 'validate'), code('driver', 'create')]).toEqual(['FAILED_PRECONDITION', 'INTERNAL'])
  expect(toConfigStatus([issue({ fault: 'driver' })], driver, 'validate').message).toMatch(
    /\nThis is a bug in driver acme 1\.4\.0; please report it to its author\.$/,
  )
})
