import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeEnvelope, envelope } from '@openshell-ts/driver-config'
import Type from 'typebox'
import ts from 'typescript'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { defineDriver, defineDriverConfig, gate, type runDriver, secretRef, unique, withDefault } from '../src/index.js'
import { memoryBackend, memoryHandlers } from './memory-driver.js'
import { runInProcess } from './run-in-process.js'

const Mount = Type.Object({ target: Type.String({ maxLength: 40, description: 'Where | it goes.' }) })
const config = defineDriverConfig('acme', { domain: 'acme.example' })
  .version(
    1,
    Type.Object({ size: Type.Optional(Type.String({ maxLength: 16 })), colour: Type.Optional(Type.String()) }),
    {
      examples: {
        minimal: {},
        full: { size: "10 'Gi'", colour: 'red' },
        invalid: [{ value: { size: 5 }, code: 'TYPE_MISMATCH', path: 'driver_config.size' }],
      },
      deprecated: { '': { since: '1.4.0', message: 'Write version 2.' } },
    },
  )
  .version(
    2,
    Type.Object({
      size_gib: withDefault(Type.Integer({ minimum: 1, maximum: 512, 'x-since': '1.4.0', 'x-unit': 'GiB' }), 10),
      mode: Type.Optional(Type.Union([Type.Literal('fast'), Type.Literal('safe')])),
      mounts: Type.Optional(Type.Array(Mount, { maxItems: 8 })),
      key: Type.Optional(secretRef(Type.String(), 'a key')),
    }),
    {
      since: '1.4.0',
      examples: {
        minimal: {},
        full: { size_gib: 20, mode: 'fast', mounts: [{ target: '/a' }] },
        invalid: [{ value: { size_gib: 0 }, code: 'NUMBER_OUT_OF_RANGE', path: 'driver_config.size_gib' }],
      },
      rules: [unique('mounts[]', 'target')],
      deprecated: { 'mode=safe': { since: '1.5.0', message: 'It is fast.', replacedBy: ['mode'] } },
      replaces: { size: 'size_gib' },
      up(old, note) {
        if (old.colour !== undefined) note('the colour is gone')
        return { size_gib: Number.parseInt(old.size ?? '10', 10) }
      },
    },
  )
  .build({
    gates: [gate('large-disks', () => undefined)],
    resources: [{ what: 'mount point', path: 'mounts[].target', lookUp: async () => 'found' }],
  })
const acme = defineDriver({ ...memoryHandlers(memoryBackend()), name: 'acme', version: '1.5.0', config })
const plain = defineDriver({ ...memoryHandlers(memoryBackend()), name: 'plain', version: '1.0.0' })

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-docs-'))
})

afterEach(async () => {
  vi.restoreAllMocks()
  process.exitCode = undefined
  await rm(folder, { recursive: true })
})

/** What `config docs` prints and ends with. */
async function docs(words: readonly string[], driver: Parameters<typeof runDriver>[0] = acme as never) {
  return await runInProcess(driver, ['config', 'docs', ...words])
}

/** The code of a language on a page. */
function fenced(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code = '']) => code)
}

/** The lines of a section. */
function sectionOf(page: string, title: string): string {
  return page.split(/^## /m).find((each) => each.startsWith(title)) ?? ''
}

describe('the page about a version', () => {
  test('shows each field with its kind, bounds, default, unit and deprecations', async () => {
    const { stdout, code } = await docs([])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^# driver_config of acme, schema_version 2\n/)
    expect(stdout).toContain('This version is current, stable, since 1.4.0. A block of this version says')
    expect(sectionOf(stdout, 'Fields').split('\n').slice(2, -2)).toEqual([
      '| Field | Type | Default | Since | Notes | Meaning |',
      '| --- | --- | --- | --- | --- | --- |',
      '| `size_gib` | whole number, 1 to 512 | `10` | 1.4.0 | in GiB |  |',
      '| `mode` | "fast" \\| "safe" |  |  | `safe` is deprecated since 1.5.0: It is fast, use `mode` |  |',
      '| `mounts` | list of object, at most 8 items |  |  |  |  |',
      '| `mounts[].target` | string, at most 40 characters |  |  | required | Where \\| it goes. |',
      '| `key` | string, at most 253 characters, pattern ^\\[A-Za-z0-9\\](?:\\[A-Za-z0-9.\\_/-\\]{0,251}\\[A-Za-z0-9\\])?$ |  |  | a reference to a key, never shown |  |',
    ])
  })

  test('says what rules, limits and the operator ask for, and which codes reports have', async () => {
    const { stdout } = await docs(['--version', '2'])
    expect(sectionOf(stdout, 'Rules')).toContain('- `unique-mounts-target@1`: each target in mounts[] is used once.')
    expect(sectionOf(stdout, 'Limits')).toContain('at most 65536 bytes, 16 levels, 4096 keys of 128 characters')
    expect(sectionOf(stdout, 'What the operator decides')).toContain('[openshell.drivers.acme]')
    expect(sectionOf(stdout, 'What the operator decides')).toContain('asks its operator about: `large-disks`.')
    expect(sectionOf(stdout, 'What is looked up')).toContain('- `mounts[].target`: the mount point must exist.')
    for (const code of ['UNKNOWN_FIELD', 'NUMBER_OUT_OF_RANGE', 'VALUE_DEPRECATED'])
      expect(sectionOf(stdout, 'Codes of reports')).toContain(`| \`${code}\` |`)
  })

  test.each([
    ['1', { schema_version: 1, size: "10 'Gi'", colour: 'red' }],
    ['2', { schema_version: 2, size_gib: 20, mode: 'fast', mounts: [{ target: '/a' }] }],
  ])('writes the examples of version %s in four ways that mean the same', async (version, full) => {
    const page = sectionOf((await docs(['--version', version])).stdout, 'Examples')
    const expected = { acme: full }
    expect(JSON.parse(fenced(page, 'json')[1] ?? '')).toEqual(expected)
    expect(parse(fenced(page, 'yaml')[1] ?? '')).toEqual(expected)
    const [, word = ''] = /--driver-config-json '(.*)'\n$/.exec(fenced(page, 'sh')[1] ?? '') ?? []
    expect(JSON.parse(word.replaceAll("'\\''", "'"))).toEqual(expected)
    const { outputText } = ts.transpileModule(`${fenced(page, 'ts')[1]}\nreturn driverConfig`, {})
    const built = new Function('config', 'envelope', outputText)(config, envelope)
    expect(version === '2' ? encodeEnvelope(built) : built).toEqual(expected)
  })

  test('shows what changed, and what becomes of a block of the version before', async () => {
    const changes = sectionOf((await docs([])).stdout, 'Changes since schema_version 1')
    expect(changes).toContain('- `size` is replaced by `size_gib`.\n- `colour` is gone.\n- `mode` is new.\n')
    const [before, after] = fenced(changes, 'json').map((text) => JSON.parse(text))
    expect(config.migrate(before, { to: 2 })).toMatchObject({ value: after })
    expect(changes).toContain('- Lost: driver_config: the colour is gone')
  })

  test('says what a version that is not current is worth', async () => {
    const { stdout } = await docs(['--version', '1'])
    expect(stdout).toContain(
      'This version is superseded by schema_version 2, deprecated. A block without `schema_version`',
    )
    expect(stdout).toContain('It is deprecated since 1.4.0: Write version 2.')
  })
})

test('config docs --out writes a page a version, and --check tells when one would change', async () => {
  expect(await docs(['--out', folder])).toEqual({ code: 0, stdout: 'v1.md: written\nv2.md: written\n', stderr: '' })
  expect(await readdir(folder)).toEqual(['v1.md', 'v2.md'])
  expect(await readFile(join(folder, 'v2.md'), 'utf8')).toBe((await docs([])).stdout)
  expect(await docs(['--out', folder, '--check'])).toMatchObject({ code: 0 })
  await writeFile(join(folder, 'v1.md'), 'edited')
  const { code, stdout } = await docs(['--out', folder, '--check', '--json'])
  expect({ code, files: JSON.parse(stdout).files }).toEqual({
    code: 1,
    files: [
      { file: 'v1.md', state: 'different' },
      { file: 'v2.md', state: 'unchanged' },
    ],
  })
  expect(await readFile(join(folder, 'v1.md'), 'utf8')).toBe('edited')
})

test('config docs --json prints the page in JSON, and --help shows examples and exit codes', async () => {
  const { stdout } = await docs(['--json'])
  expect(JSON.parse(stdout)).toEqual({ driver: 'acme', version: 2, markdown: (await docs([])).stdout })
  const help = (await docs(['--help'])).stdout
  for (const text of ['acme-driver config docs --out docs/config --check', 'EXIT CODES']) expect(help).toContain(text)
})

test.each([
  [['--version', '9'], acme, 'Driver acme has no schema_version of that number; it reads 1, 2.'],
  [['--version', '1', '--out', '.'], acme, 'Give either --version or --out.'],
  [['--check'], acme, 'Give --check together with --out.'],
  [[], plain, 'Driver plain takes no driver_config, so there is nothing to describe.'],
])('config docs refuses %j', async (words, driver, message) => {
  const expected = { code: 2, stdout: '', stderr: expect.stringContaining(message) }
  expect(await docs(words, driver as never)).toMatchObject(expected)
})
