import { formatIssues } from '@openshell-ts/driver-config'
import { testDriverConfig } from '@openshell-ts/driver-config/testing'
import { expect, test } from 'vitest'
import { rateLimitConfig } from './rate-limit-config.js'

testDriverConfig(rateLimitConfig, { test, fixturesDir: new URL('fixtures', import.meta.url), runs: 50 })

test('paths and texts of a report start with the root', () => {
  const result = rateLimitConfig.safeParse({
    schema_version: 2,
    window_seconds: 10,
    limits: [{ host: 'api.example' }, { host: 'API.example', requests: 5 }],
  })
  expect(result.ok ? '' : formatIssues(result.issues)).toBe(
    [
      'middleware_config.window_seconds: "window_seconds" was replaced by "window_ms" in schema_version 2',
      '  fix: Use "window_ms".',
      'middleware_config.limits[0].requests: is required',
      '  fix: Add "requests": a whole number.',
      'middleware_config.limits[1].host: repeats the host of item 0',
      '  fix: Use each host once.',
    ].join('\n'),
  )
})

test.each([
  ['no object', [], 'middleware_config: must be an object'],
  [
    'a version that is not a number',
    { schema_version: '2' },
    'middleware_config.schema_version must be a whole number',
  ],
  ['a version that is too new', { schema_version: 3 }, 'middleware_config.schema_version is 3'],
  ['too deep a nesting', JSON.parse(`${'[{"a":'.repeat(20)}1${'}]'.repeat(20)}`), 'middleware_config'],
  ['an unknown key', { limits: [], limit: 1 }, 'middleware_config.limit: '],
])('the report of %s names the root and no driver', (_what, block, start) => {
  const result = rateLimitConfig.safeParse(block, { driverVersion: '2.0.0' })
  const messages = result.ok ? [] : result.issues.map((issue) => issue.message)
  expect(messages[0]).toMatch(new RegExp(`^${start.replaceAll('.', '\\.')}`))
  expect(JSON.stringify(result)).not.toContain('driver')
})

test('the published schemas carry the root in their titles', () => {
  expect(rateLimitConfig.schemas().map(({ schema }) => schema['title'])).toEqual([
    'middleware_config of rate-limit, schema_version 1',
    'middleware_config of rate-limit, schema_version 2',
  ])
})
