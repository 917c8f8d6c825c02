import { expect, test } from 'vitest'
import { resolveSettings } from './driver-settings.js'

const definitions = {
  endpoint: { flag: 'endpoint', environment: 'ENDPOINT', description: 'Where.', required: true },
  mode: { flag: 'mode', environment: 'MODE', description: 'How.', default: 'safe' },
  note: { flag: 'note', environment: 'NOTE', description: 'What.' },
} as const

test('a given value wins over the variable, the variable over the default', () => {
  const environment = { ENDPOINT: 'env', MODE: 'env', NOTE: 'env' }
  expect(resolveSettings(definitions, { given: { endpoint: 'given' }, environment })).toEqual({
    endpoint: 'given',
    mode: 'env',
    note: 'env',
  })
  expect(resolveSettings(definitions, { given: { endpoint: 'given' } })).toEqual({
    endpoint: 'given',
    mode: 'safe',
    note: undefined,
  })
})

test('an empty variable counts as absent', () => {
  const environment = { ENDPOINT: '', MODE: '' }
  expect(() => resolveSettings(definitions, { given: {}, environment })).toThrow(
    'The setting "endpoint" needs a value: pass --endpoint or set ENDPOINT. Where.',
  )
  expect(resolveSettings(definitions, { given: { endpoint: 'x' }, environment }).mode).toBe('safe')
})

test('a value for an undeclared setting is refused with the declared ones', () => {
  expect(() => resolveSettings(definitions, { given: { endpiont: 'x' } })).toThrow(
    'The driver has no setting "endpiont"; it has: endpoint, mode, note.',
  )
})

test('a value that fails its check is refused by flag and variable, without the value', () => {
  const checked = {
    port: {
      flag: 'port',
      environment: 'PORT',
      description: 'Which port.',
      check: (value: string) => (/^\d+$/.test(value) ? undefined : 'must be a whole number'),
    },
  }
  expect(resolveSettings(checked, { given: { port: '80' } })).toEqual({ port: '80' })
  expect(resolveSettings(checked, { given: {} })).toEqual({ port: undefined })
  expect(() => resolveSettings(checked, { given: { port: 'hidden' } })).toThrow(
    'The setting "port" must be a whole number: correct --port or PORT. Which port.',
  )
})
