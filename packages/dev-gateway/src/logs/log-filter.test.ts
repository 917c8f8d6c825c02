import { expect, test } from 'vitest'
import { logFilter } from './log-filter.js'

const line = (level: string, source = 'sandbox') => ({
  timestampMs: 0n,
  level,
  target: '',
  message: '',
  source,
  fields: {},
})

const levels = ['TRACE', 'INFO', 'OCSF', 'error', 'ODD', '']

test.each([
  ['', levels],
  ['nonsense', levels],
  ['TRACE', ['TRACE', 'INFO', 'OCSF', 'error']],
  ['info', ['INFO', 'OCSF', 'error']],
  ['ERROR', ['error']],
])('the minimum %j keeps %j', (logMinLevel, kept) => {
  const wanted = logFilter({ logSources: [], logMinLevel })
  expect(levels.filter((level) => wanted(line(level)))).toEqual(kept)
})

test('sources select', () => {
  const wanted = logFilter({ logSources: ['gateway'], logMinLevel: '' })
  expect([wanted(line('INFO', 'gateway')), wanted(line('INFO', 'sandbox'))]).toEqual([true, false])
})
