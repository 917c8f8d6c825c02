import { expect, test } from 'vitest'
import { parseUserEnvironment } from './user-environment.js'

test('reads an object of strings', () => {
  expect(parseUserEnvironment('{"A":"1","B":""}')).toEqual({ A: '1', B: '' })
})

test.each([
  ['no JSON', '{"A":hunter2', 'not valid JSON'],
  ['a list', '["hunter2"]', 'must be a JSON object'],
  ['a value that is no string', '{"A":{"b":"hunter2"}}', 'the value of "A" must be a string'],
  ['a value with NUL', '{"A":"hunter2\\u0000"}', 'the value of "A" contains a NUL'],
  ['a name with =', '{"A=B":"hunter2"}', '"A=B" is no name'],
  ['an empty name', '{"":"hunter2"}', '"" is no name'],
])('%s is refused, without any value', (_case, text, problem) => {
  const parse = () => parseUserEnvironment(text)
  expect(parse).toThrow(problem)
  expect(parse).not.toThrow('hunter2')
})
