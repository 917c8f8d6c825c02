import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Type from 'typebox'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { defineDriver, defineDriverConfig, rule } from '../src/index.js'
import { memoryBackend, memoryHandlers } from './memory-driver.js'
import { runInProcess } from './run-in-process.js'

const handlers = memoryHandlers(memoryBackend())

/** A release of the driver, whose sizes go up to `maximum`. */
function acme(maximum: number, rules: readonly string[] = []) {
  const shape = Type.Object({ size_gib: Type.Optional(Type.Integer({ minimum: 1, maximum })) })
  const config = defineDriverConfig('acme')
    .version(1, shape, {
      examples: {
        minimal: {},
        full: { size_gib: 20 },
        invalid: [{ value: { size_gib: 0 }, code: 'NUMBER_OUT_OF_RANGE', path: 'driver_config.size_gib' }],
      },
      rules: rules.map((name) => rule(name, { reads: ['size_gib'] }, () => undefined)),
    })
    .build()
  return defineDriver({ ...handlers, name: 'acme', version: '1.5.0', config })
}
const plain = defineDriver({ ...handlers, name: 'plain', version: '1.0.0' })

let folder: string
let lock: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-check-'))
  lock = join(folder, 'lock.json')
})

afterEach(async () => {
  vi.restoreAllMocks()
  process.exitCode = undefined
  await rm(folder, { recursive: true })
})

/** What `config check` prints and ends with. */
async function check(driver: unknown, ...words: readonly string[]) {
  return await runInProcess(driver as never, ['config', 'check', ...words], (text) => text.replaceAll(folder, 'FOLDER'))
}

/** Records a release. */
async function release(driver: unknown) {
  return await check(driver, '--lock', lock, '--update', '--release')
}

test('the first run says what to type, --update records the config, and then it is in order', async () => {
  expect(await check(acme(64), '--lock', lock)).toEqual({
    code: 3,
    stdout: '',
    stderr:
      'acme-driver: FOLDER/lock.json does not exist. Record the config with "acme-driver config check --update --lock FOLDER/lock.json", and commit the file.\n',
  })
  expect(await release(acme(64))).toEqual({
    code: 0,
    stdout: 'acme: 0 break, 0 unknown, 0 warning, 0 ok, 0 waived\nFOLDER/lock.json: written\n',
    stderr: '',
  })
  expect(await check(acme(64), '--lock', lock)).toMatchObject({ code: 0, stderr: '' })
  expect(await release(acme(64))).toMatchObject({ code: 0, stdout: expect.stringContaining('unchanged') })
})

describe('a difference', () => {
  test('that breaks ends with 1, shows a block that is refused now, and is never recorded', async () => {
    await release(acme(64))
    const before = await readFile(lock, 'utf8')
    const { code, stdout } = await check(acme(32), '--lock', lock, '--update')
    expect({ code, rule: /^break BOUND_TIGHTENED in schema_version 1: driver_config.size_gib/.test(stdout) }).toEqual({
      code: 1,
      rule: true,
    })
    expect(stdout).toMatch(/\n {2}refused now: \{"schema_version":1,"size_gib":\d+\}\n {2}fingerprint: [0-9a-f]{12}\n/)
    expect(stdout).toContain('1 break, 0 unknown')
    expect(await readFile(lock, 'utf8')).toBe(before)
  })

  test('that needs a decision ends with 3, and a waiver is the decision', async () => {
    await release(acme(64))
    const { code, stdout } = await check(acme(64, ['even']), '--lock', lock, '--json')
    const [{ fingerprint, rule: id }] = JSON.parse(stdout).changes
    expect({ code, id }).toEqual({ code: 3, id: 'RULE_ADDED' })
    const waiver = { fingerprint, rule: id, reason: 'all are even', by: 'the owner', expires: '2999-12-31' }
    await writeFile(lock, JSON.stringify({ ...JSON.parse(await readFile(lock, 'utf8')), waivers: [waiver] }))
    const waived = await check(acme(64, ['even']), '--lock', lock)
    expect(waived.code).toBe(0)
    expect(waived.stdout).toContain(`  waiver: ${fingerprint} by the owner until 2999-12-31: all are even\n`)
  })

  test('from the lock of the base branch counts, whatever the lock beside the config says', async () => {
    const base = join(folder, 'base.json')
    await release(acme(64))
    await copyFile(lock, base)
    await rm(lock)
    await release(acme(32))
    expect(await check(acme(32), '--lock', lock)).toMatchObject({ code: 0 })
    const { code, stdout } = await check(acme(32), '--lock', lock, '--base', base, '--github')
    expect(code).toBe(1)
    const annotations = stdout.split('\n').filter((line) => line.startsWith('::'))
    expect(annotations).toEqual([
      expect.stringMatching(
        /^::error file=FOLDER\/lock.json,title=BOUND_TIGHTENED::in schema_version 1: driver_config/,
      ),
      expect.stringMatching(/^::error file=FOLDER\/lock.json,title=LOCK_EDITED::Other than the lock file of the base/),
    ])
  })
})

test('a migration that fails for a document ends with 1, and asks for no waiver', async () => {
  const size = (maximum: number) => Type.Object({ size_gib: Type.Optional(Type.Integer({ minimum: 1, maximum })) })
  const examples = {
    minimal: {},
    full: { size_gib: 20 },
    invalid: [{ value: { size_gib: 0 }, code: 'NUMBER_OUT_OF_RANGE', path: 'driver_config.size_gib' }],
  } as const
  const config = defineDriverConfig('acme')
    .version(1, size(64), { examples })
    .version(2, size(32), { examples, up: (v1) => v1 })
    .build()
  const { code, stdout } = await release(defineDriver({ ...handlers, name: 'acme', version: '2.0.0', config }))
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /^break MIGRATION_COUNTEREXAMPLE in schema_version 1: .*\n {2}refused now: \{"schema_version":1,"size_gib":\d+\}\nschema_version 1 to 2: does not work\nacme: 1 break,/,
  )
  expect(stdout).toContain('FOLDER/lock.json: unchanged\n')
})

test('--json and --junit give programs the same report', async () => {
  await release(acme(64))
  const junit = join(folder, 'report.xml')
  const { code, stdout, stderr } = await check(acme(32), '--lock', lock, '--json', '--junit', junit)
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(JSON.parse(stdout)).toMatchObject({
    file: 'FOLDER/lock.json',
    state: 'unchanged',
    driver: 'acme',
    verdict: 'break',
    changes: [
      { rule: 'BOUND_TIGHTENED', verdict: 'break', version: 1, before: { maximum: 64 }, after: { maximum: 32 } },
    ],
    notices: [],
  })
  const xml = await readFile(junit, 'utf8')
  expect(xml).toContain('<testsuites name="compatibility of driver_config of acme" tests="2" failures="1" skipped="0">')
  expect(xml).toContain('<testcase classname="schema_version 1" name="BOUND_TIGHTENED driver_config.size_gib"')
  expect(xml).toContain('<testcase classname="lock" name="in order" time="0.000"/>')
})

test('a lock file that cannot be used ends with 3, names everything that is wrong, and stays', async () => {
  await release(acme(64))
  const edited = (await readFile(lock, 'utf8')).replace('"maximum": 64', '"maximum": 32')
  await writeFile(lock, edited)
  const { code, stdout, stderr } = await check(acme(32), '--lock', lock, '--update', '--json')
  expect({ code, verdict: JSON.parse(stdout).verdict }).toEqual({ code: 3, verdict: 'unchecked' })
  expect(stderr).toContain('FOLDER/lock.json cannot be used:\n  lock.versions["1"].shape_digest')
  expect(stderr).toContain('\n  lock.versions["1"].text_digest')
  expect(await readFile(lock, 'utf8')).toBe(edited)
})

test('--update that cannot write leaves the file as it was', async () => {
  await release(acme(64))
  // What is written first, beside the file, would have a name that no file system takes.
  const long = join(folder, 'l'.repeat(250))
  await copyFile(lock, long)
  const { code, stdout, stderr } = await check(acme(128), '--lock', long, '--update')
  expect({ code, stdout, text: await readFile(long, 'utf8') }).toEqual({
    code: 3,
    stdout: '',
    text: await readFile(lock, 'utf8'),
  })
  expect(stderr).toContain('cannot be written (ENAMETOOLONG); the file is as it was.')
})

test.each([
  [['--release'], acme(64), 2, 'Give --release together with --update.'],
  [['--json', '--github'], acme(64), 2, 'Give either --json or --github.'],
  [[], plain, 2, 'Driver plain takes no driver_config, so there is nothing to check.'],
  [
    ['--base', '/no-such/base.json', '--lock', '/no-such/lock.json', '--update'],
    acme(64),
    3,
    'Leave --base out while the base branch has no lock',
  ],
])('config check refuses %j', async (words, driver, code, message) => {
  expect(await check(driver, ...words)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) })
})

test('--help shows examples and exit codes', async () => {
  const { stdout } = await check(acme(64), '--help')
  for (const text of ['acme-driver config check --update', 'EXIT CODES', 'a difference needs a decision']) {
    expect(stdout).toContain(text)
  }
})
