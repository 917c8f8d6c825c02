import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { execLine, quoteWord } from './exec-line.js'

test('working directory, sorted assignments and words make one line', () => {
  const line = execLine({ workdir: '/a b', environment: { Z: '1', A: "it's" }, command: ['echo', '$HOME', 'x'] })
  expect(line).toBe(`cd '/a b' && A='it'"'"'s' Z=1 echo '$HOME' x`)
})

test.each([
  ['harmless', 'a-b_c./D9', 'a-b_c./D9'],
  ['empty', '', "''"],
  ['with a quote', "a'b", `'a'"'"'b'`],
  ['with a colon', 'a:b', "'a:b'"],
  ['non-ASCII', 'ä', "'ä'"],
  ['with a newline', 'a\nb', "'a\nb'"],
])('a word that is %s', (_name, word, quoted) => {
  expect(quoteWord(word)).toBe(quoted)
})

test('a shell reads back exactly the words', () => {
  const words = ["it's", '$(id)', '`id`', 'a\nb', '', '*', '"', '\\', '🚀']
  const line = execLine({ workdir: '', environment: {}, command: ['printf', '%s\\0', ...words] })
  expect(execFileSync('sh', ['-c', line]).toString().split('\0').slice(0, -1)).toEqual(words)
})
