import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadPublishedConfig } from '@openshell-ts/driver-config'
import { Ajv } from 'ajv'
import Type from 'typebox'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { defineDriver, defineDriverConfig, type runDriver } from '../src/index.js'
import { memoryBackend, memoryHandlers } from './memory-driver.js'
import { runInProcess } from './run-in-process.js'

const config = defineDriverConfig('acme', { domain: 'acme.example' })
  .version(1, Type.Object({ size_gib: Type.Optional(Type.Integer({ minimum: 1 })) }), {
    examples: {
      minimal: {},
      full: { size_gib: 20 },
      invalid: [{ value: { size_gib: '20' }, code: 'TYPE_MISMATCH', path: 'driver_config.size_gib' }],
    },
  })
  .build()
const acme = defineDriver({ ...memoryHandlers(memoryBackend()), name: 'acme', version: '1.5.0', config })
const plain = defineDriver({ ...memoryHandlers(memoryBackend()), name: 'plain', version: '1.0.0' })
const names = [
  'index.json',
  ...['v1', 'bundle', 'envelope'].flatMap((name) => [`${name}.schema.json`, `draft-07/${name}.schema.json`]),
  ...['lineage.json', 'conformance.json', 'docs/v1.md'],
]

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-schema-'))
})

afterEach(async () => {
  vi.restoreAllMocks()
  process.exitCode = undefined
  await rm(folder, { recursive: true })
})

/** What `config schema` prints and ends with. */
async function schema(words: readonly string[], driver: Parameters<typeof runDriver>[0] = acme as never) {
  return await runInProcess(driver, ['config', 'schema', ...words], (text) => text.replaceAll(folder, 'FOLDER'))
}

describe('config schema --out', () => {
  test('writes every document into a folder, where a program loads the bundle', async () => {
    const out = join(folder, 'schemas/acme')
    expect(await schema(['--out', out])).toEqual({
      code: 0,
      stdout: names.map((name) => `${name}: written\n`).join(''),
      stderr: '',
    })
    const written = await readdir(out, { recursive: true })
    expect(written.filter((name) => /\.(?:json|md)$/.test(name)).sort()).toEqual([...names].sort())
    const loaded = loadPublishedConfig(await readFile(join(out, 'bundle.schema.json'), 'utf8'))
    expect(loaded.check({ size_gib: 0 }, {})).toMatchObject({ issues: [{ code: 'NUMBER_OUT_OF_RANGE' }] })
    expect(loaded.driverVersion).toBe('1.5.0')
  })

  test('writes what changed only, and leaves other files alone', async () => {
    await schema(['--out', folder])
    await writeFile(join(folder, 'v0.schema.json'), 'of an old release')
    await writeFile(join(folder, 'index.json'), '{}')
    const { stdout } = await schema(['--out', folder, '--json'])
    expect(JSON.parse(stdout)).toEqual({
      folder: 'FOLDER',
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      files: names.map((file, index) => ({ file, state: index === 0 ? 'written' : 'unchanged' })),
    })
    expect(await readFile(join(folder, 'v0.schema.json'), 'utf8')).toBe('of an old release')
  })

  test('with --check tells what would change, and writes nothing', async () => {
    await schema(['--out', folder])
    expect(await schema(['--out', folder, '--check'])).toMatchObject({ code: 0 })
    await rm(join(folder, 'lineage.json'))
    await writeFile(join(folder, 'index.json'), '{}')
    const states = new Map([
      ['index.json', 'different'],
      ['lineage.json', 'missing'],
    ])
    expect(await schema(['--out', folder, '--check'])).toMatchObject({
      code: 1,
      stdout: names.map((name) => `${name}: ${states.get(name) ?? 'unchanged'}\n`).join(''),
    })
    expect(await readFile(join(folder, 'index.json'), 'utf8')).toBe('{}')
  })

  test('makes a package whose documents other packages resolve and compile', async () => {
    const name = { name: 'acme-driver', version: '1.5.0', exports: { './schemas/*': './schemas/*' } }
    const home = join(folder, 'node_modules/acme-driver')
    await schema(['--out', join(home, 'schemas'), '--aliases', 'acme-gpu,acme-cpu'])
    await writeFile(join(home, 'package.json'), JSON.stringify(name))
    const load = createRequire(join(folder, 'client.js'))
    const index = load('acme-driver/schemas/index.json')
    expect(index).toMatchObject({ driver: 'acme', aliases: ['acme-gpu', 'acme-cpu'] })
    const envelope = load(`acme-driver/schemas/${index.envelope.draft_07.file}`)
    const accepts = new Ajv({ strict: false, validateFormats: false }).compile(envelope)
    expect([{ 'acme-cpu': { size_gib: 1 } }, { acme: { size_gib: 0 } }].map((each) => accepts(each))).toEqual([
      true,
      false,
    ])
  })

  test('says which file cannot be written', async () => {
    await writeFile(join(folder, 'file'), '')
    await mkdir(join(folder, 'taken/index.json'), { recursive: true })
    expect(await schema(['--out', join(folder, 'file')])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('FOLDER/file/index.json cannot be read (ENOTDIR)'),
    })
    expect(await schema(['--out', join(folder, 'taken')])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('FOLDER/taken/index.json cannot be read (EISDIR)'),
    })
  })
})

test('config schema --bundle prints what programs load, with the addresses that were asked for', async () => {
  const { stdout, code } = await schema(['--bundle', '--base-url', 'https://cdn.example/acme'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ $id: 'https://cdn.example/acme/bundle.schema.json' })
  expect(loadPublishedConfig(stdout).versions).toEqual(config.versions)
})

test.each([
  [['--bundle', '--version', '1'], 'Give one of --version, --bundle and --out.'],
  [['--check'], 'Give --check together with --out.'],
  [['--aliases', 'a'], 'Give --aliases together with --out.'],
  [['--out', '.', '--aliases', 'a b'], '--aliases must be names with commas between them'],
  [['--base-url', 'https://a.example'], 'Give --base-url together with --out or --bundle.'],
  [['--bundle', '--base-url', 'schemas'], '--base-url must be an absolute URL without a query'],
])('config schema refuses %j', async (words, message) => {
  expect(await schema(words)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) })
})

test.each([[['--bundle']], [['--out', 'nowhere']]])(
  'a driver without a config has nothing to publish: %j',
  async (words) => {
    const expected = 'Driver plain takes no driver_config, so there is no schema.'
    expect(await schema(words, plain)).toMatchObject({ code: 2, stderr: expect.stringContaining(expected) })
  },
)
