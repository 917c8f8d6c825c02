import { expect, test } from 'vitest'
import { runCommands } from './run-commands.js'

const how = { logLevel: 'silent', folder: process.cwd() }

test('drivers that run commands by themselves get no supervisors from the gateway', () => {
  expect(() => runCommands({ drivers: [{ name: 'acme', socketPath: '/x' }] }, how)).toThrow(
    '--run-commands is for simulated sandboxes; the driver acme runs commands by itself, so leave one of the two out.',
  )
})

test('supervisors need a certificate that the gateway takes', () => {
  expect(() => runCommands({ tls: { certificate: 'c', key: 'k' } }, how)).toThrow('use --tls-dir PATH in place of')
})
