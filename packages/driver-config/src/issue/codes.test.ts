import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { issueCodeAnchor, issueCodes } from './codes.js'

const source = new URL('../', import.meta.url)
const testFiles = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.test.ts') && !name.endsWith('codes.test.ts'),
)
const tests = testFiles.map((name) => readFileSync(new URL(name, source), 'utf8')).join('\n')

test('every code is produced by a test', () => {
  expect(Object.keys(issueCodes).filter((code) => !tests.includes(code))).toEqual([])
})

test('every code has a fix, a summary and an anchor of its own', () => {
  const anchors = new Set<string>()
  for (const [code, entry] of Object.entries(issueCodes)) {
    expect(code).toMatch(/^[A-Z][A-Z_]{1,62}$/)
    expect(entry.fix).toMatch(/^[A-Z].*\.$/)
    expect(entry.summary).not.toMatch(/\.$/)
    anchors.add(issueCodeAnchor(code as keyof typeof issueCodes))
  }
  expect(anchors.size).toBe(Object.keys(issueCodes).length)
})
