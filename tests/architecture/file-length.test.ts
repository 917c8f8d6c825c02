import { describe, expect, test } from 'vitest'
import { isTestFile, packageNames, readSourceFiles, type SourceFile } from './source-files.js'

const limit = 400
const medianLimit = 100

const names = packageNames()
const folders = names.flatMap((name) => ['src', 'test', 'bin'].map((part) => `packages/${name}/${part}`))

function lineCount({ text }: SourceFile): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}

function tooLong(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => lineCount(file) > limit)
    .map((file) => `${file.path} has ${lineCount(file)} lines; at most ${limit}. Split it by idea.`)
}

function median(files: readonly SourceFile[]): number {
  const counts = files.map(lineCount).sort((left, right) => left - right)
  const middle = Math.floor(counts.length / 2)
  const upper = counts[middle] ?? 0
  return counts.length % 2 === 1 ? upper : ((counts[middle - 1] ?? 0) + upper) / 2
}

test('no hand-written file is longer than the limit', () => {
  expect(tooLong(readSourceFiles(...folders, 'tools', 'tests', 'bench'))).toEqual([])
})

test.each(names)('the median source file of %s is short', (name) => {
  const files = readSourceFiles(`packages/${name}/src`).filter(({ path }) => !isTestFile(path))
  const longest = [...files].sort((left, right) => lineCount(right) - lineCount(left)).slice(0, 5)
  const lines = longest.map((file) => `${lineCount(file)} ${file.path}`)
  const report = `${name}: ${files.length} files, median ${median(files)} lines; longest:\n${lines.join('\n')}`
  expect(median(files), report).toBeLessThanOrEqual(medianLimit)
})

describe('the rules', () => {
  const file = (lines: number): SourceFile => ({ path: `${lines}.ts`, text: 'x\n'.repeat(lines) })

  test('count the last line with and without its end', () => {
    expect([lineCount(file(3)), lineCount({ path: 'x', text: 'a\nb' })]).toEqual([3, 2])
  })

  test('refuse the first line over the limit', () => {
    expect(tooLong([file(400), file(401)])).toEqual([expect.stringContaining('401.ts has 401 lines')])
  })

  test('take the middle of the lengths', () => {
    expect([median([file(9), file(1), file(5)]), median([file(2), file(4)]), median([])]).toEqual([5, 3, 0])
  })
})
