import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compare } from './compare.js'
import { judge } from './known-differences.js'
import { type Observed, type Recording, readRecordings } from './recording.js'

const recordings = readRecordings(fileURLToPath(new URL('../data/scenarios', import.meta.url)))

function recorded(id: string): Recording {
  const recording = recordings.find((candidate) => candidate.id === id)
  if (!recording) throw new Error(`There is no recording ${id}.`)
  return recording
}

test('every recording agrees with itself', () => {
  expect(recordings.flatMap((recording) => compare(recording, recording.observed))).toEqual([])
})

describe('a gateway that does something else', () => {
  const recording = recorded('delete/stopped-row')
  const { observed } = recording
  const places = (changes: Partial<Observed>) => compare(recording, { ...observed, ...changes }).map(({ path }) => path)
  const without = (side: keyof Observed) => ({ [side]: observed[side].slice(0, -1) })

  test.each([
    ['a call that the driver does not get', without('driver_calls'), 'driver_calls[3]'],
    ['an answer that the client does not get', without('client_results'), 'client_results[3]'],
    ['a row that is not there', without('rows'), 'rows[1]'],
    ['a start that fails', { gateway: [{ step: -1, event: 'start', ready: false }] }, 'gateway[0].ready'],
    [
      'a call in another step',
      { driver_calls: observed.driver_calls.map((call, index) => (index === 3 ? { ...call, step: 3 } : call)) },
      'driver_calls[3].step',
    ],
  ])('differs by %s', (_what, changes, path) => {
    expect(places(changes)).toEqual([path])
  })

  test('differs by its calls even when only their order is another', () => {
    const [first, second, ...others] = observed.driver_calls
    if (!first || !second) throw new Error('The recording has too few calls.')
    expect(places({ driver_calls: [second, first, ...others] })).toContain('driver_calls[0].rpc')
  })
})

test.each([
  ['times', { created_at_ms: '1700000000001' }, { created_at_ms: '<time>' }],
  ['identifiers', { id: '0b0e2c5a-7c3c-4f50-9d59-3c7a3f2f8a11' }, { id: '<uuid>' }],
  ['resource versions', { resource_version: '2' }, { resource_version: '7' }],
])('%s may be others', (_what, before, now) => {
  const recording = { ...recorded('auth/no-unauth-jwt'), observed: observedWith(before) }
  expect(compare(recording, observedWith(now))).toEqual([])
})

function observedWith(response: Record<string, string>): Observed {
  return {
    driver_calls: [],
    client_results: [{ step: 0, rpc: 'GetSandbox', code: 'OK', response }],
    rows: [],
    gateway: [],
  }
}

describe('the list of known differences', () => {
  const known = { id: 'a', paths: ['rows[0]'], reason: 'Because.' }

  test.each([
    ['agrees', undefined, []],
    ['listed, but agrees', known, []],
    ['unknown difference', undefined, ['rows[0]']],
    ['known difference', known, ['rows[0]']],
    ['unknown difference', known, ['rows[1]']],
    ['unknown difference', known, ['rows[0]', 'rows[1]']],
  ])('says "%s"', (verdict, entry, paths) => {
    expect(
      judge(
        entry,
        paths.map((path) => ({ path })),
      ),
    ).toBe(verdict)
  })
})
