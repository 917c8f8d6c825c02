import { expect, test } from 'vitest'
import { type Flags, toUsage } from './flag.js'
import { readFlags } from './read-flags.js'

const flags: Flags = {
  'bind-socket': { description: 'Socket.', hint: 'PATH', environment: 'SOCKET', required: true },
  'log-level': { description: 'Level.', hint: 'LEVEL', environment: 'LEVEL', default: 'info' },
}

test('the flag wins over the variable, the variable over the default, an empty variable is absent', () => {
  expect(readFlags(flags, ['--bind-socket', 'a', '--log-level=warn'], { SOCKET: 'b', LEVEL: 'debug' })).toEqual({
    'bind-socket': 'a',
    'log-level': 'warn',
  })
  expect(readFlags(flags, [], { SOCKET: 'b', LEVEL: '' })).toEqual({ 'bind-socket': 'b', 'log-level': 'info' })
})

test('what cannot be followed is refused with what to write', () => {
  const refusal = (args: string[]) => () => readFlags(flags, args, {})
  expect(refusal([])).toThrow('Pass --bind-socket PATH or set SOCKET.')
  expect(refusal(['--bind-socket='])).toThrow('Pass --bind-socket PATH or set SOCKET.')
  expect(refusal(['--bind-socket'])).toThrow('--bind-socket needs a value: PATH.')
  expect(refusal(['--bind-sock', 'a'])).toThrow('Unknown flag --bind-sock; did you mean --bind-socket?')
  expect(refusal(['--zzz'])).toThrow('Unknown flag --zzz; known flags: --bind-socket, --log-level')
  expect(refusal(['--constructor'])).toThrow('Unknown flag --constructor')
  expect(refusal(['extra', '--bind-socket', 'a'])).toThrow('Unexpected word "extra"; values belong to flags.')
  expect(refusal(['--bind-socket', 'a', '--bind-socket=b'])).toThrow('--bind-socket is given twice; write it once.')
})

test('a switch takes no value, and words stand beside the flags', () => {
  const read = (...args: string[]) =>
    readFlags(
      { json: { description: 'JSON.' }, to: { description: 'Version.', hint: 'N', check: () => 'must be new.' } },
      args,
      {},
      { FILE: { description: 'A file.' }, OTHER: { description: 'Another.', optional: true } },
    )
  expect(read('-', '--json')).toEqual({ FILE: '-', OTHER: undefined, json: 'true', to: undefined })
  expect(read('a', 'b')).toMatchObject({ FILE: 'a', OTHER: 'b', json: undefined })
  expect(() => read()).toThrow('Write a FILE after the command; see --help.')
  expect(() => read('a', 'b', 'c')).toThrow('Unexpected word "c"; the command takes FILE and OTHER only.')
  expect(() => read('a', '--json=yes')).toThrow('--json takes no value.')
  expect(() => read('a', '--to', 'secret')).toThrow(/^--to must be new\.$/)
})

test('help names the variable and what is required', () => {
  expect(toUsage(flags)).toMatchObject({
    'bind-socket': { description: 'Socket. Required. [SOCKET]', valueHint: 'PATH' },
    'log-level': { description: 'Level. [LEVEL]', default: 'info' },
  })
})
