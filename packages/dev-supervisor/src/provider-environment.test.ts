import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { status as Code } from '@grpc/grpc-js'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import type { ProviderAnswer } from './provider-answer.js'
import { ProviderEnvironment } from './provider-environment.js'
import { ProviderFiles } from './provider-files.js'

const answer: ProviderAnswer = {
  variables: { KEY: 'hunter2' },
  expiresAtMs: new Map(),
  revision: 1n,
  attachmentEpoch: 'first',
  files: new Map(),
}

const folder = await mkdtemp(join(tmpdir(), 'sup-providers-'))
afterAll(() => rm(folder, { recursive: true }))

async function install(...answers: readonly Partial<ProviderAnswer>[]) {
  const log: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => log.push(line) })
  const providers = new ProviderEnvironment(logger, new ProviderFiles(folder))
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

test('a file is there before its variable names it, and gone with its provider', async () => {
  const files = new Map([['/sandbox/.key', 'hunter2']])
  const { providers, log } = await install({ files, variables: { KEY_FILE: '/sandbox/.key' } })
  const place = providers.variables(0)['KEY_FILE'] ?? ''
  expect(place).toBe(join(folder, '.key'))
  expect(await readFile(place, 'utf8')).toBe('hunter2')
  expect(providers.installed).toMatchObject({ allVariables: true, allFiles: true })
  await providers.update(async () => ({ ...answer, variables: {} }))
  await expect(readFile(place)).rejects.toThrow('ENOENT')
  expect(log()).not.toContain('hunter2')
})

test('a file that is not for the folder is left out with a warning that names its path', async () => {
  const { providers, log } = await install({ files: new Map([['/etc/key', 'hunter2']]) })
  expect(providers.installed).toMatchObject({ allVariables: true, allFiles: false })
  expect(log()).toContain('"paths":["/etc/key"]')
  expect(log()).not.toContain('hunter2')
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
