import { expect, test } from 'vitest'
import { decideLine, isBefore } from './gateway-line.js'

test.each(['0.0.88', '0.0.89-dev.3+gabc123', '0.0.100-pre.1', '0.0.111', '0.0.116'])('%s is line 0.0', (version) => {
  expect(decideLine(version)).toEqual({ type: 'line', line: '0.0' })
})

test.each(['0.1.0-pre.8', '0.1.0', '0.1.5', '0.1.6-dev.2+gabc', '0.1.99'])('%s is line 0.1', (version) => {
  expect(decideLine(version)).toEqual({ type: 'line', line: '0.1' })
})

test.each([
  ['0.0.0', 'without version information'],
  ['0.0.87', 'older than workspaces'],
  ['0.0.88-dev.1+gabc', 'older than workspaces'],
  ['0.0.112-dev.4+gabc', 'between the lines'],
  ['0.0.116-pre.1', 'between the lines'],
  ['0.0.117', 'between the lines'],
  ['0.1.0-pre.7', 'between the lines'],
  ['0.1.0-dev.12+gabc', 'between the lines'],
  ['0.2.0', 'newer than the lines'],
  ['1.0.0', 'not known'],
  ['', 'no version'],
  ['0.0.111\n', 'not known'],
  ['v0.0.111', 'not known'],
])('%j is refused: %s', (version, reason) => {
  expect(decideLine(version)).toEqual({ type: 'refused', reason: expect.stringContaining(reason) })
})

test.each([
  ['0.0.110', true],
  ['0.0.110-dev.9+gabc', true],
  // Built after 0.0.110: it may hold what comes with 0.0.111.
  ['0.0.111-dev.1+gabc', false],
  ['0.0.111', false],
  ['0.1.0', false],
  ['0.0.0', false],
  ['', false],
])('%j is before 0.0.111: %s', (version, expected) => {
  expect(isBefore(version, 111)).toBe(expected)
})
