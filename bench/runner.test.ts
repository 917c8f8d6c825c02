import { expect, test } from 'vitest'
import { atMost, below, fasterAtLeast, slowerAtMost } from './comparison.js'
import { formatComparison } from './format-comparison.js'
import { lastResult, measureTasks } from './measure-tasks.js'
import { readArguments, usageText } from './read-arguments.js'
import { runChild } from './run-child.js'
import { summarizeSamples } from './summarize-samples.js'

const slow = summarizeSamples('slow', [4, 2, 9])
const fast = summarizeSamples('fast', [2, 1, 3])

test('figures of samples are taken from the sorted samples', () => {
  expect(slow).toEqual({ name: 'slow', minMs: 2, medianMs: 4, p99Ms: 9, samples: 3 })
  expect(() => summarizeSamples('none', [])).toThrow('no samples of "none"')
})

test('a verdict compares medians and says whether the bound is kept', () => {
  expect(slowerAtMost(slow, fast, 2)).toMatchObject({ value: 2, met: true })
  expect(slowerAtMost(slow, fast, 1.9)).toMatchObject({ value: 2, met: false })
  expect(fasterAtLeast(fast, slow, 2)).toMatchObject({ value: 2, met: true })
  expect(fasterAtLeast(fast, slow, 2.1)).toMatchObject({ value: 2, met: false })
  expect(below(slow, 'p99Ms', 9)).toMatchObject({ value: 9, met: false })
  expect(below(slow, 'medianMs', 9)).toMatchObject({ value: 4, met: true })
})

test('a missed bound stands out in the text', () => {
  const text = formatComparison({ title: 'title', timings: [slow], verdicts: [slowerAtMost(slow, fast, 1)] })
  expect(text.split('\n')).toEqual([
    'title',
    '  slow  min    2.00 ms  median    4.00 ms  p99    9.00 ms  (3 samples)',
    '  → slow takes this many times fast: 2.00 ×, target at most 1 ×: MISSED',
  ])
})

test('a figure that is no timing has its own unit', () => {
  const verdicts = [atMost('memory', 90.129, 'MiB', 90), atMost('lost', 0, 'changes', 0)]
  expect(formatComparison({ title: 'title', timings: [], verdicts }).split('\n').slice(1)).toEqual([
    '  → memory: 90.13 MiB, target at most 90 MiB: MISSED',
    '  → lost: 0 changes, target at most 0 changes: met',
  ])
})

test('samples of a batch are divided by its size, and every task is measured', async () => {
  let calls = 0
  const timings = await measureTasks(
    [
      { name: 'counted', run: () => (calls += 1) },
      { name: 'other', run: () => 1 },
    ],
    { batch: 10, rounds: 1, turnMs: 5 },
  )
  expect(timings.map((timing) => timing.name)).toEqual(['counted', 'other'])
  expect(calls % 10).toBe(0)
  expect(lastResult()).toBe(1)
  expect(calls).toBeGreaterThanOrEqual((timings[0]?.samples ?? Number.POSITIVE_INFINITY) * 10)
})

test('a task that throws ends the run', async () => {
  const broken = { name: 'broken', run: () => JSON.parse('{') as unknown }
  await expect(measureTasks([broken], { rounds: 1, turnMs: 5 })).rejects.toThrow(SyntaxError)
})

test('the command line chooses suites by name', () => {
  expect(readArguments([], ['a', 'b'])).toEqual({ names: ['a', 'b'], help: false })
  expect(readArguments(['b', '--json', 'x.json'], ['a', 'b'])).toEqual({ names: ['b'], json: 'x.json', help: false })
  expect(readArguments(['--help'], ['a', 'b'])).toMatchObject({ help: true })
  expect(usageText(['a', 'b'])).toContain('a, b; all of them when none is given')
  expect(() => readArguments(['c'], ['a', 'b'])).toThrow('There is no benchmark "c". Choose from: a, b.')
})

test('a child process answers with a number or not at all', () => {
  expect(runChild('console.log(1 + 1)')).toBe(2)
  expect(() => runChild('console.log("two")')).toThrow('in place of a number')
  expect(() => runChild('')).toThrow('in place of a number')
})
