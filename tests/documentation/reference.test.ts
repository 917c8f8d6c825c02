import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type IssueCode, issueCodeAnchor, issueCodes } from '@openshell-ts/driver-config'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const codes = Object.keys(issueCodes) as IssueCode[]

function check(...options: string[]): { code: number | null; errors: string } {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'tools/docs.mjs'), '--check', ...options], {
    encoding: 'utf8',
  })
  return { code: status, errors: stderr }
}

test('the generated pages are what their sources give', () => {
  expect(check()).toEqual({ code: 0, errors: '' })
})

test('a page that was edited or is missing is named', () => {
  const copy = mkdtempSync(join(tmpdir(), 'docs-'))
  try {
    expect(check('--out', copy)).toMatchObject({ code: 1 })
    cpSync(join(root, 'docs'), copy, { recursive: true })
    expect(check('--out', copy)).toMatchObject({ code: 0 })
    appendFileSync(join(copy, 'reference/config-issue-codes.md'), 'edited\n')
    expect(check('--out', copy)).toEqual({ code: 1, errors: expect.stringContaining('config-issue-codes.md') })
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
})

test('every issue code has one row with its anchor and its fix', () => {
  const page = readFileSync(join(root, 'docs/reference/config-issue-codes.md'), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| <a id='))
  const expected = codes.map((code) => [
    `| <a id="${issueCodeAnchor(code)}"></a>\`${code}\` `,
    ` ${issueCodes[code].fix} |`,
  ])
  for (const [start = '', end = ''] of expected) {
    expect(end).toMatch(/^ [A-Z].*\. \|$/)
    expect(rows.filter((row) => row.startsWith(start) && row.endsWith(end))).toHaveLength(1)
  }
  expect(rows).toHaveLength(codes.length)
})
