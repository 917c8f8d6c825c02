import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ConfigIssue } from '../issue/config-issue.js'
import { errorBudgetBytes } from './error-budget.js'
import { reportBytes, toErrorReport } from './error-report.js'

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

const report = (list: readonly ConfigIssue[]) =>
  toErrorReport(list as [ConfigIssue, ...ConfigIssue[]], driver, 'validate')

const anyIssue = fc
  .record({
    path: fc.string({ unit: 'binary', maxLength: 400 }),
    message: fc.string({ unit: fc.constantFrom('a', ' ', 'é', '%', '\n', '\ud800', '🙂'), maxLength: 3_000 }),
    fix: fc.string({ maxLength: 300 }),
    url: fc.constantFrom('https://acme.example/config', undefined),
  })
  .map(({ url, ...fields }) => issue({ ...fields, ...(url === undefined ? {} : { url }) }))

test('any report fits the budget, counts exactly what it leaves out, and is the same each time', () => {
  fc.assert(
    fc.property(fc.array(anyIssue, { minLength: 1, maxLength: 60 }), (issues) => {
      const made = report(issues)
      expect(reportBytes(made)).toBeLessThanOrEqual(errorBudgetBytes)
      const listed = made.message.split('\n').filter((line) => line.startsWith('- ')).length
      expect(listed).toBeLessThanOrEqual(16)
      expect(made.violations.length).toBeLessThanOrEqual(listed)
      if (made.info !== undefined) expect(made.omitted).toBe(issues.length - listed)
      expect(made.message.includes(`\n+${made.omitted} more`)).toBe(made.omitted > 0 && made.info !== undefined)
      expect(JSON.stringify(report(structuredClone(issues)))).toBe(JSON.stringify(made))
    }),
    { numRuns: 100 },
  )
})

test('a text is cut only when everything else is gone, and violations only when the link is', () => {
  const order: string[] = []
  for (let length = 100; length < 7_500; length += order.length < 3 ? 5 : 50) {
    const url = 'https://acme.example/config'
    const made = report(Array.from({ length: 3 }, () => issue({ message: 'x'.repeat(length), url })))
    const lines = made.message.split('\n').filter((line) => line.startsWith('- ')).length
    const state = `${made.help ? 'link' : 'no link'}, ${made.violations.length} violations, ${lines} lines`
    if (order.at(-1) !== state) order.push(state)
  }
  expect(order).toEqual([
    'link, 3 violations, 3 lines',
    'no link, 3 violations, 3 lines',
    'no link, 2 violations, 3 lines',
    'no link, 1 violations, 3 lines',
    'no link, 0 violations, 3 lines',
    'no link, 0 violations, 2 lines',
    'no link, 0 violations, 1 lines',
  ])
})

test('the root of the document is named as the config names it', () => {
  const named = toErrorReport([issue()], { ...driver, root: 'middleware_config' }, 'validate')
  expect(named.message).toMatch(/^middleware acme refuses this middleware_config \(1 problem\):/)
})

test('the text alone says everything: a line a problem, with what to change', () => {
  const { message } = report([issue(), issue({ message: 'driver_config.b: is required.', fix: 'Add "b".' })])
  expect(message).toBe(
    [
      'driver acme refuses this driver_config (2 problems):',
      '- driver_config.a: unknown field. Remove the key.',
      '- driver_config.b: is required. Add "b".',
    ].join('\n'),
  )
})

test('at most 16 problems are listed, and the rest is counted exactly', () => {
  const made = report(Array.from({ length: 40 }, (_, index) => issue({ path: `driver_config.k${index}` })))
  expect(made.message).toContain('(40 problems):')
  expect(made.message).toMatch(/\n\+24 more$/)
  expect(made.violations).toHaveLength(16)
  expect(made.info?.metadata['total']).toBe('40')
})

test('a fault of the driver is said to be one', () => {
  expect(report([issue({ fault: 'driver' })]).message).toMatch(
    /\nThis is a bug in driver acme 1\.4\.0; please report it to its author\.$/,
  )
})
