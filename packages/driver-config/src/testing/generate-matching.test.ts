import { expect, test } from 'vitest'
import { generateMatching } from './generate-matching.js'
import { seededRandom } from './seeded-random.js'

test.each([
  '^[0-7]{3}$',
  '^[a-cé😀7]*$',
  '^x-[a-z]{1,9}$',
  '^(?:a|bc|)[.]d?$',
  '^\\P{Cc}*$',
  '^\\p{Lu}\\d+\\.\\w$',
  '^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,251}[A-Za-z0-9])?$',
  '^(?<size>[0-9]{2,})(?:Ki|Mi|Gi)$',
  '^\\u0041\\x42\\[\\]$',
  '^[^a]\\/.$',
  'abc',
])('generated texts match %s', (pattern) => {
  const random = seededRandom(1)
  const texts = Array.from({ length: 50 }, () => generateMatching(random, pattern))
  const matches = new RegExp(pattern, 'u')
  expect(texts.filter((text) => !matches.test(text))).toEqual([])
})
