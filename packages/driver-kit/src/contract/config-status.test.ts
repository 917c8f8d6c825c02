import { fromBinary } from '@bufbuild/protobuf'
import { anyUnpack } from '@bufbuild/protobuf/wkt'
import { status as codes } from '@grpc/grpc-js'
import { type ConfigIssue, errorBudgetBytes, errorBytes, reportBytes, toErrorReport } from '@openshell-ts/driver-config'
import { BadRequestSchema, ErrorInfoSchema, HelpSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toConfigStatus } from './config-status.js'

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

test('the details are as long as the budget took them for, and repeat code and text exactly', () => {
  fc.assert(
    fc.property(fc.array(anyIssue, { minLength: 1, maxLength: 60 }), (list) => {
      const issues = list as [ConfigIssue, ...ConfigIssue[]]
      const { status, decoded } = decode(issues)
      expect(errorBytes(status.message, status.details?.length)).toBe(
        reportBytes(toErrorReport(issues, driver, 'validate')),
      )
      expect(errorBytes(status.message, status.details?.length)).toBeLessThanOrEqual(errorBudgetBytes)
      if (decoded) expect([decoded.code, decoded.message]).toEqual([status.code, status.message])
    }),
    { numRuns: 60 },
  )
})

test('violations, facts and the link are in the details', () => {
  const url = 'https://acme.example/config'
  const { badRequest, errorInfo, help } = decode([issue({ url })])
  expect(badRequest).toMatchObject({
    fieldViolations: [
      {
        field: 'driver_config.a',
        reason: 'UNKNOWN_FIELD',
        description: 'driver_config.a: unknown field. Remove the key.',
      },
    ],
  })
  expect(errorInfo).toMatchObject({
    reason: 'UNKNOWN_FIELD',
    domain: 'acme.example',
    metadata: { driver: 'acme', driver_version: '1.4.0', requested: '2', min: '1', max: '2', total: '1' },
  })
  expect(help).toMatchObject({ links: [{ url }] })
})

test('faults decide the code', () => {
  const code = (fault: ConfigIssue['fault'], call: 'validate' | 'create') =>
    codes[toConfigStatus([issue({ fault })], driver, call).code]
  expect([code('user', 'validate'), code('user', 'create')]).toEqual(['INVALID_ARGUMENT', 'FAILED_PRECONDITION'])
  expect([code('operator', 'validate'), code('driver', 'create')]).toEqual(['FAILED_PRECONDITION', 'INTERNAL'])
})
