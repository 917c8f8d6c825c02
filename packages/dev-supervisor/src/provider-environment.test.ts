import { inspect } from 'node:util'
import { status as Code } from '@grpc/grpc-js'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { ProviderAnswer } from './provider-answer.js'
import { ProviderEnvironment } from './provider-environment.js'

const answer: ProviderAnswer = {
  variables: { KEY: 'hunter2' },
  expiresAtMs: new Map(),
  revision: 1n,
  attachmentEpoch: 'first',
  fileCount: 0,
}

async function install(...answers: readonly Partial<ProviderAnswer>[]) {
  const log: string[] = []
  const providers = new ProviderEnvironment(pino({ level: 'trace' }, { write: (line: string) => log.push(line) }))
  for (const part of answers) await providers.update(async () => ({ ...answer, ...part }))
  return { providers, log: () => log.join('') }
}

test('the last answer holds, whole', async () => {
  const { providers } = await install({}, { variables: { OTHER: '1' }, revision: 2n })
  expect(providers.variables(0)).toEqual({ OTHER: '1' })
  expect(providers.differsFrom({ revision: 2n, attachmentEpoch: 'first' })).toBe(false)
  expect(providers.differsFrom({ revision: 1n, attachmentEpoch: 'first' })).toBe(true)
  expect(providers.differsFrom({ revision: 2n, attachmentEpoch: 'second' })).toBe(true)
})

test('before an answer nothing is there, and each state of the gateway is another one', async () => {
  const { providers } = await install()
  expect(providers.variables(0)).toEqual({})
  expect(providers.differsFrom({ revision: 0n, attachmentEpoch: '' })).toBe(true)
})

test('a value that has ended is left out', async () => {
  const variables = { KEY: 'hunter2', LASTING: '1' }
  const { providers } = await install({ variables, expiresAtMs: new Map([['KEY', 5_000]]) })
  expect(providers.variables(4_999)).toEqual(variables)
  expect(providers.variables(5_000)).toEqual({ LASTING: '1' })
})

test.each([
  ['an empty name', '', 'hunter2'],
  ['a name with =', 'A=B', 'hunter2'],
  ['a name with NUL', 'A\0', 'hunter2'],
  ['a value with NUL', 'A', 'hunter2\0'],
  ['a value that no process takes', 'A', 'hunter2'.repeat(20_000)],
])('%s is left out with a warning that shows no value, and the others stay', async (_case, name, value) => {
  const { providers, log } = await install({ variables: { [name]: value, GOOD: '1' } })
  expect(providers.variables(0)).toEqual({ GOOD: '1' })
  expect(providers.installed).toMatchObject({ allVariables: false })
  expect(log()).toContain(JSON.stringify([name]))
  expect(log()).not.toContain('hunter2')
})

test('files are not there, and that is said', async () => {
  const { providers, log } = await install({ fileCount: 2 })
  expect(providers.installed).toMatchObject({ allVariables: true, allFiles: false })
  expect(log()).toContain('files of providers are not written here')
})

test.each([
  ['a call that the gateway does not know', Code.UNIMPLEMENTED, false],
  ['a call that it does not grant', Code.PERMISSION_DENIED, false],
  ['another failure', Code.UNAVAILABLE, true],
])('%s keeps what is there, with no text of the gateway in the log', async (_case, code, again) => {
  const { providers, log } = await install({})
  const failed = providers.update(() => Promise.reject(Object.assign(new Error('hunter2'), { code })))
  expect(await failed).toBe(again)
  expect(providers.variables(0)).toEqual({ KEY: 'hunter2' })
  expect(log()).toContain(Code[code])
  expect(log()).not.toContain('hunter2')
})

test('the same failure is a line at level info or above once, until an answer comes', async () => {
  const { providers, log } = await install()
  const fail = () => providers.update(() => Promise.reject(Object.assign(new Error('no'), { code: Code.UNAVAILABLE })))
  for (const update of [fail, fail, () => providers.update(async () => answer), fail, fail]) await update()
  const levels = log()
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { level: number }).level)
  expect(levels).toEqual([40, 20, 30, 40, 20])
})

test('printing it shows no value', async () => {
  const { providers } = await install({})
  expect(inspect(providers, { depth: null, showHidden: true }) + JSON.stringify(providers)).not.toContain('hunter2')
})
