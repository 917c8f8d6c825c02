import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Type from 'typebox'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fixtures, plantBug, plantedBugs } from '../../test/planted-bugs.js'
import { emptyExamples, showing } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import type { DriverConfig } from '../define/driver-config.js'
import { secretRef } from '../schema/secret-ref.js'
import { configProperties } from './config-property.js'
import { type TestDriverConfigOptions, testDriverConfig } from './test-driver-config.js'
import type { TestContext } from './test-function.js'

/** The failures of the tests that are registered, by name; a skipped one has its reason. */
async function failuresOf(
  config: DriverConfig<unknown>,
  options: TestDriverConfigOptions,
): Promise<Record<string, string | undefined>> {
  const registered: [name: string, run: (context: TestContext) => void | Promise<void>][] = []
  testDriverConfig(config, { runs: 20, ...options, test: (name, run) => registered.push([name, run]) })
  const failures: Record<string, string | undefined> = {}
  for (const [name, run] of registered) {
    const key = name.replace(/^config of \w+: /, '')
    failures[key] = undefined
    try {
      await run({ skip: (reason) => (failures[key] = `skipped: ${reason}`) })
    } catch (error) {
      failures[key] = (error as Error).message
    }
  }
  return failures
}

const only = { property: 'any JSON gets a verdict' } as const

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('testDriverConfig', () => {
  test('registers one test for each promise, and all pass for a right config', async () => {
    const failures = await failuresOf(plantBug({}), { fixtures })
    expect(Object.keys(failures)).toEqual(configProperties)
    expect(Object.values(failures).filter((failure) => failure !== undefined)).toEqual([])
  })

  test('fails with the promise, the seed, the shrunk document and one line that finds it again', async () => {
    const config = plantBug(plantedBugs['enum swapped'] ?? {})
    const property = 'a way down and up again changes nothing without a note'
    const failures = await failuresOf(config, { seed: 42, property })
    expect(failures[property]?.split('\n')).toEqual([
      property,
      expect.stringMatching(/^ {2}expected \{.*"mode":"(quick|careful)".*\}, got \{.*\}$/),
      expect.stringMatching(
        /^ {2}seed 42, schema_version 2, document \{"size_bytes":\d+,"mode":"\w+","mounts":\[\]\}$/,
      ),
      `  again: findCounterexamples(config, { property: '${property}', version: 2, seed: 42, runs: 20 })`,
    ])
  })

  test('takes seed and runs from the environment before those of the options', async () => {
    vi.stubEnv('OPENSHELL_TEST_SEED', '7')
    vi.stubEnv('OPENSHELL_TEST_RUNS', '60')
    const config = plantBug(plantedBugs['enum not mapped'] ?? {})
    const property = 'every migration gives what the next version accepts'
    const failures = await failuresOf(config, { seed: 42, property })
    expect(failures[property]).toContain('version: 1, seed: 7, runs: 60 })')
    vi.stubEnv('OPENSHELL_TEST_SEED', 'seven')
    await expect(failuresOf(config, {})).rejects.toThrow('OPENSHELL_TEST_SEED must be a whole number from 0.')
  })

  test('uses the global test function, and refuses to register tests that nobody would run', () => {
    const globals = globalThis as { test?: unknown }
    const seen: string[] = []
    globals.test = (name: string) => seen.push(name)
    try {
      testDriverConfig(plantBug({}), only)
    } finally {
      delete globals.test
    }
    expect(seen).toEqual(['config of acme: any JSON gets a verdict'])
    expect(() => testDriverConfig(plantBug({}), only)).toThrow(/no global "test" function\. Give the runner's/)
  })
})

describe('fixtures in a folder', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fixtures-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  const V1 = Type.Object({ size: Type.Integer(), token: secretRef(Type.String(), 'a token') })
  const V2 = Type.Object({ bytes: Type.Integer(), token: secretRef(Type.String(), 'a token') })
  const example = { token: 'team/name' }
  const chain = (unit = 2, suffix = '') =>
    defineDriverConfig('acme')
      .version(1, V1, showing({ ...example, size: 1 }))
      .version(2, V2, {
        ...showing({ ...example, bytes: 1 }),
        up: ({ size, token }) => ({ bytes: size * unit, token: token + suffix }),
      })
  const write = (name: string, value: unknown): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), JSON.stringify(value))
  }
  const fixtureFailures = async (config: DriverConfig<unknown>): Promise<Record<string, string | undefined>> => {
    const all = await failuresOf(config, { ...only, fixturesDir: pathToFileURL(folder) })
    return Object.fromEntries(Object.entries(all).filter(([name, failure]) => name !== only.property && failure))
  }
  const writeRight = (): void => {
    write('v1/full.json', { ...example, size: 4 })
    write('v1/full.to-v2.json', { schema_version: 2, ...example, bytes: 8 })
    write('v2/full.json', { schema_version: 2, ...example, bytes: 8 })
    write('v2/full.to-v2.json', { schema_version: 2, bytes: 8, ...example })
  }

  test('pass when each gives what it gave', async () => {
    writeRight()
    expect(await fixtureFailures(chain().build())).toEqual({})
  })

  test('are asked for, version by version, also when the folder is not there', async () => {
    write('v1/full.json', { ...example, size: 4 })
    write('v1/full.to-v2.json', { schema_version: 2, ...example, bytes: 8 })
    const missing = (version: number) =>
      `schema_version ${version} has no fixture. Add a document of it: v${version}/NAME`
    expect(await fixtureFailures(chain().build())).toEqual({
      'schema_version 2 has a fixture': expect.stringContaining(missing(2)),
    })
    const failures = await failuresOf(chain().build(), { ...only, fixturesDir: join(folder, 'nowhere') })
    expect(failures['schema_version 1 has a fixture']).toContain(missing(1))
  })

  test('without a golden file name it, and a run that may write adds it and changes none', async () => {
    writeRight()
    rmSync(join(folder, 'v1/full.to-v2.json'))
    write('v2/full.to-v2.json', { schema_version: 2, ...example, bytes: 9 })
    const config = chain().build()
    const wrong = { 'v2/full.json gives what it gave': expect.stringContaining('/bytes: expected 9, got 8') }
    expect(await fixtureFailures(config)).toEqual({
      'v1/full.json gives what it gave':
        'v1/full.to-v2.json is missing. Add it, or run the tests once with OPENSHELL_TEST_WRITE=1, which writes what the document gives today, and read it.',
      ...wrong,
    })
    vi.stubEnv('OPENSHELL_TEST_WRITE', '1')
    expect(await fixtureFailures(config)).toEqual(wrong)
    expect(readFileSync(join(folder, 'v1/full.to-v2.json'), 'utf8')).toBe(
      '{\n  "schema_version": 2,\n  "bytes": 8,\n  "token": "team/name"\n}\n',
    )
    expect(readFileSync(join(folder, 'v2/full.to-v2.json'), 'utf8')).toContain('9')
  })

  test('that give something else name the places, and no reference to a secret', async () => {
    writeRight()
    expect(await fixtureFailures(chain(1, '/other').build())).toEqual({
      'v1/full.json gives what it gave': [
        'v1/full.to-v2.json is not what the document gives now. Correct the migration or the defaults; a golden file is never edited.',
        '  /token: differs; it refers to a secret, so that it is not shown',
        '  /bytes: expected 8, got 4',
      ].join('\n'),
    })
  })

  test('keep their golden files of the versions between', async () => {
    writeRight()
    cpSync(join(folder, 'v2'), join(folder, 'v3'), { recursive: true })
    const third = chain(1)
      .version(3, V2, { ...showing({ ...example, bytes: 1 }), up: (old) => old })
      .build()
    const failures = await fixtureFailures(third)
    expect(failures['v1/full.json gives what it gave']).toMatch(
      /\/bytes: expected 8, got 4[\s\S]*v1\/full\.to-v3\.json is missing/,
    )
    expect(failures['v3/full.json gives what it gave']).toContain(
      'v3/full.json declares schema_version 2. Write "schema_version": 3 into it.',
    )
  })

  test('of a removed version stay refused', async () => {
    writeRight()
    const config = defineDriverConfig('acme')
      .removed(1, { in: '2.0.0', lastReader: '1.9' })
      .version(2, V2, showing({ ...example, bytes: 1 }))
      .build()
    expect(await fixtureFailures(config)).toEqual({})
  })

  test.each([
    ['no JSON object', { 'v1/x.json': [] }, 'v1/x.json is not a JSON object.'],
    ['a document that is refused', { 'v1/x.json': { size: 'large' } }, 'v1/x.json is no longer accepted:'],
    ['a version that never was', { 'v9/x.json': {} }, 'v9/x.json: acme has no schema_version 9.'],
    [
      'a golden file of such a version',
      { 'v1/full.to-v9.json': {} },
      'v1/full.to-v9.json: acme has no schema_version 9.',
    ],
    ['a golden file without its document', { 'v1/x.to-v2.json': {} }, 'v1/x.to-v2.json belongs to no document.'],
    ['a file beside the folders', { 'x.json': {} }, 'x.json belongs to no document.'],
  ])('fail for %s', async (_what, files, problem) => {
    writeRight()
    for (const [name, value] of Object.entries(files)) write(name, value)
    expect(Object.values(await fixtureFailures(chain().build()))).toEqual([expect.stringContaining(problem)])
  })

  test('are starting points of the searches', async () => {
    const secretWord = Type.Object({ name: Type.Optional(Type.String({ maxLength: 60 })) })
    const config = defineDriverConfig('acme')
      .version(1, secretWord, emptyExamples)
      .version(2, secretWord, { ...emptyExamples, up: ({ name }) => (name === 'rare' ? ({ name: 5 } as never) : {}) })
      .build()
    write('v1/x.json', { schema_version: 1, name: 'rare' })
    const property = 'every migration gives what the next version accepts'
    const failures = await failuresOf(config, { seed: 42, property, fixturesDir: folder })
    expect(failures[property]).toContain(`seed: 42, runs: 20, documents: [{"name":"rare"}] })`)
  })
})
