import { expect, test } from 'vitest'
import { checkExec } from './check-exec.js'

type Request = Parameters<typeof checkExec>[0]

const x = (length: number) => 'x'.repeat(length)
const problemsOf = (request: Partial<Request>) =>
  checkExec({ command: ['true'], cwd: '', environment: {}, timeoutMs: 0, cols: 0, rows: 0, ...request }).map(
    ({ field, reason }) => `${field} ${reason}`,
  )

test.each<[string, Partial<Request>]>([
  ['an empty argument alone', { command: [''] }],
  ['1024 arguments', { command: Array<string>(1024).fill('a') }],
  ['an argument of 32768 bytes', { command: ['a', x(32_768)] }],
  ['an argument with line breaks', { command: ['a', 'b\r\nc'] }],
  ['a folder of 4096 bytes', { cwd: x(4096) }],
  ['a value of 32768 bytes', { environment: { A: x(32_768) } }],
  ['the variable of the official client', { environment: { OPENSHELL_PYFUNC_B64: 'x' } }],
  ['a variable that is reserved in upper case only', { environment: { openshell_x: 'x' } }],
  ['a terminal of the largest size', { cols: 65_535, rows: 65_535 }],
  ['the longest limit', { timeoutMs: 4_294_967_295_000 }],
])('%s passes', (_, request) => {
  expect(problemsOf(request)).toEqual([])
})

test.each<[string, Partial<Request>, string]>([
  ['no argument', { command: [] }, 'command REQUIRED'],
  ['1025 arguments', { command: Array<string>(1025).fill('a') }, 'command TOO_MANY'],
  ['an argument of 32769 bytes', { command: ['a', x(32_769)] }, 'command[1] TOO_LONG'],
  ['an argument of two-byte characters', { command: ['ä'.repeat(16_385)] }, 'command[0] TOO_LONG'],
  ['an argument with NUL', { command: ['a\0'] }, 'command[0] INVALID_CHARACTER'],
  ['a folder of 4097 bytes', { cwd: x(4097) }, 'cwd TOO_LONG'],
  ['a folder with a line break', { cwd: '/a\nb' }, 'cwd INVALID_CHARACTER'],
  ['a folder with NUL', { cwd: '/a\0b' }, 'cwd INVALID_CHARACTER'],
  ['a value of 32769 bytes', { environment: { A: x(32_769) } }, 'environment.A TOO_LONG'],
  ['a value with a line break', { environment: { A: 'a\rb' } }, 'environment.A INVALID_CHARACTER'],
  ['a name that starts with a digit', { environment: { '1A': '' } }, 'environment["1A"] INVALID_NAME'],
  ['a reserved name', { environment: { OPENSHELL_X: '' } }, 'environment.OPENSHELL_X RESERVED_NAME'],
  ['a limit below nothing', { timeoutMs: -1 }, 'timeoutMs OUT_OF_RANGE'],
  ['a limit beyond what fits', { timeoutMs: 4_294_967_296_000 }, 'timeoutMs OUT_OF_RANGE'],
  ['a terminal beyond the largest size', { cols: 65_536 }, 'cols OUT_OF_RANGE'],
])('%s is refused', (_, request, problem) => {
  expect(problemsOf(request)).toEqual([problem])
})
