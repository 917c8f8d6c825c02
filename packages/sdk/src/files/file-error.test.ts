import { expect, test } from 'vitest'
import { fileError, localFileError } from './file-error.js'

test.each([
  ['ENOSPC', 'No room.', 'no space is left'],
  ['', 'Quota of the tenant is used up.', 'Quota of the tenant is used up'],
  ['', '', 'it failed'],
])('code %j with the text %j ends as one sentence', (code, detail, text) => {
  expect(fileError(code, 'a/b', detail).plainMessage).toBe(`"a/b": ${text}.`)
  const cause = Object.assign(new Error(detail), { code })
  expect(localFileError('/a', cause).plainMessage).toBe(`Local file "/a": ${text}.`)
})
