import { expect, test } from 'vitest'
import { type Flags, readFlags, toUsage } from './flag.js'

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
})

test('help names the variable and what is required', () => {
  expect(toUsage(flags)).toMatchObject({
    'bind-socket': { description: 'Socket. Required. [SOCKET]', valueHint: 'PATH' },
    'log-level': { description: 'Level. [LEVEL]', default: 'info' },
  })
})
