import { expect, test } from 'vitest'
import { parseMainProcessSpec } from './main-process-spec.js'

test('reads JSON, and base64url of it', () => {
  const text = '{"version":1,"command":["python3","-m","http.server"],"tty":true,"later":1}'
  const spec = { command: ['python3', '-m', 'http.server'], tty: true }
  expect(parseMainProcessSpec(text)).toEqual(spec)
  expect(parseMainProcessSpec(`base64url:${Buffer.from(text).toString('base64url')}`)).toEqual(spec)
})

test('without tty there is none', () => {
  expect(parseMainProcessSpec('{"version":1,"command":["true"]}').tty).toBe(false)
})

test.each([
  ['no JSON', '{"command": hunter2', 'not valid JSON'],
  ['no object', '["hunter2"]', 'must be a JSON object'],
  ['another version', '{"version":2,"command":["hunter2"]}', '"version" must be 1'],
  ['no list', '{"version":1,"command":"hunter2"}', 'must be a list of strings'],
  ['a number in the list', '{"version":1,"command":["hunter2",1]}', 'must be a list of strings'],
  ['an empty list', '{"version":1,"command":[]}', 'must start with the program'],
  ['an empty program', '{"version":1,"command":["","hunter2"]}', 'must start with the program'],
  ['a NUL', '{"version":1,"command":["hunter2\\u0000"]}', 'NUL'],
  ['a tty that is no boolean', '{"version":1,"command":["hunter2"],"tty":"yes"}', '"tty" must be'],
  ['padding', `base64url:${Buffer.from('hunter2').toString('base64')}`, 'unpadded base64url'],
])('%s is refused with what to change, and without the text', (_case, text, problem) => {
  const parse = () => parseMainProcessSpec(text)
  expect(parse).toThrow(problem)
  expect(parse).toThrow('OPENSHELL_MAIN_PROCESS_SPEC')
  expect(parse).not.toThrow('hunter2')
})
