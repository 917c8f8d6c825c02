import { expect, test } from 'vitest'
import { generateName } from './generate-name.js'

test('two words, and short enough for a name', () => {
  for (let attempt = 0; attempt < 200; attempt++) {
    expect(generateName(() => false)).toMatch(/^(?=.{1,19}$)[a-z]+-[a-z]+$/)
  }
})

test('a number is added when the words run out', () => {
  expect(generateName((name) => !/\d$/.test(name))).toMatch(/^(?=.{1,19}$)[a-z]+-[a-z]+-\d+$/)
})
