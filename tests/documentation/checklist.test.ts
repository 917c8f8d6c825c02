import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(root, 'docs/reference/sdk-checklist.md'), 'utf8')
const onBothLines = /^describe\.each\((LINES|SETUPS|\['0\.0', '0\.1'\])/
const line = /^(both|0\.0|0\.1|any)$/

/** A row of the page's tables. */
interface Row {
  readonly lines: string
  readonly proofs: readonly { readonly file: string; readonly name: string }[]
}

function readRows(text: string): Row[] {
  const rows = text.split('\n').filter((each) => each.startsWith('| ') && !/^\| (Point|-)/.test(each))
  return rows.map((row) => {
    const [, , , lines = '', proof = ''] = row.split('|').map((cell) => cell.trim())
    const proofs = [...proof.matchAll(/\]\(\.\.\/\.\.\/([^)]+)\): "([^"]+)"/g)]
    return { lines, proofs: proofs.map(([, file = '', name = '']) => ({ file, name })) }
  })
}

/** What is wrong with the rows; `read` gives a file's text. */
function problemsOf(rows: readonly Row[], read: (file: string) => string | undefined): string[] {
  return rows.flatMap(({ lines, proofs }) => [
    ...(line.test(lines) ? [] : [`"${lines}" is no line`]),
    ...(proofs.length > 0 ? [] : ['a row has no test']),
    ...proofs.flatMap(({ file, name }) => {
      const before = (read(file) ?? '').split(`'${name}'`)
      if (before.length < 2) return [`${file} has no test "${name}"`]
      const around = before[0]?.split('\n').findLast((each) => /^(describe|test)\b/.test(each)) ?? ''
      return lines === 'both' && !onBothLines.test(around) ? [`${file}: "${name}" does not run on both lines`] : []
    }),
  ])
}

test('every point of the checklist of the client names a test that exists, on the lines that it says', () => {
  const rows = readRows(page)
  expect(rows.length).toBeGreaterThan(25)
  const read = (file: string) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined)
  expect(problemsOf(rows, read)).toEqual([])
})

describe('the check', () => {
  const row = (lines: string, proof: string) => readRows(`| Point | x |\n| --- |\n| a | b | ${lines} | ${proof} |`)
  const proof = '[x.test.ts](../../x.test.ts): "works"'

  test.each([
    ['both', proof, "describe.each(LINES)('on line %s', () => {\n  test('works', () => {})\n})", []],
    ['both', proof, "describe('once', () => {\n  test('works', () => {})\n})", ['does not run on both lines']],
    ['0.0', proof, "test('works', () => {})", []],
    ['0.0', proof, "test('works otherwise', () => {})", ['has no test "works"']],
    ['some', proof, "test('works', () => {})", ['is no line']],
    ['any', 'nothing yet', '', ['a row has no test']],
  ])('of a row for %s with %s in %j', (lines, held, text, problems) => {
    expect(problemsOf(row(lines, held), () => text)).toEqual(problems.map((each) => expect.stringContaining(each)))
  })
})
