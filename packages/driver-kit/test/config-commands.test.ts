import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import Type from 'typebox'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  defineDriver,
  defineDriverConfig,
  gate,
  onlyWith,
  type runDriver,
  secretRef,
  withDefault,
} from '../src/index.js'
import { memoryBackend, memoryHandlers } from './memory-driver.js'
import { runInProcess } from './run-in-process.js'

const V1 = Type.Object({
  size: Type.Optional(Type.String({ pattern: '^[0-9]+Gi$', maxLength: 16 })),
  colour: Type.Optional(Type.String()),
})
const Mount = Type.Object({
  source: Type.String({ maxLength: 20, description: 'Where it comes from.', 'x-printable': true }),
  key: Type.Optional(secretRef(Type.String(), 'a key of the volume')),
})
const V2 = Type.Object({
  size_gib: withDefault(Type.Integer({ minimum: 1, maximum: 512, 'x-since': '1.4.0', 'x-unit': 'GiB' }), 10),
  mounts: Type.Optional(Type.Array(Mount, { maxItems: 8 })),
  gpu_ids: Type.Optional(Type.Array(Type.String())),
  quiet: Type.Optional(Type.Boolean({ deprecated: true })),
})

const config = defineDriverConfig('acme', { domain: 'acme.example' })
  .version(1, V1, {
    examples: {
      minimal: {},
      full: { size: '10Gi' },
      invalid: [{ value: { size: 5 }, code: 'TYPE_MISMATCH', path: 'driver_config.size' }],
    },
  })
  .version(2, V2, {
    since: '1.4.0',
    examples: {
      minimal: {},
      full: { size_gib: 20 },
      invalid: [{ value: { size_gib: '20' }, code: 'TYPE_MISMATCH', path: 'driver_config.size_gib' }],
    },
    rules: [onlyWith('gpu_ids', 'gpu')],
    deprecated: { quiet: { since: '1.5.0', message: 'It has no effect.' } },
    replaces: { size: 'size_gib' },
    up(old, note) {
      if (old.colour !== undefined) note('the colour is gone')
      return { size_gib: Number.parseInt(old.size ?? '10Gi', 10) }
    },
    down: (next) => ({ size: `${next.size_gib}Gi` }),
  })
  .build({
    gates: [
      gate('size', ({ value, policy, refuse }) => {
        const most = Number(policy.settings?.['most'] ?? 512)
        if (value.size_gib > most) refuse('size_gib', { problem: 'is too large here', fix: 'Raise ACME_MOST.' })
      }),
    ],
  })

const acme = defineDriver({
  ...memoryHandlers(memoryBackend()),
  name: 'acme',
  version: '1.5.0',
  config,
  settings: { most: { flag: 'most', environment: 'ACME_MOST', description: 'Largest size.' } },
})
const plain = defineDriver({ ...memoryHandlers(memoryBackend()), name: 'plain', version: '1.0.0' })

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-commands-'))
})

afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
  await rm(folder, { recursive: true })
})

/** What the driver's program prints and ends with. The folder's name is left out of it. */
async function run(argv: readonly string[], driver: Parameters<typeof runDriver>[0] = acme as never) {
  return await runInProcess(driver, argv, (text) => text.replaceAll(`${folder}/`, ''))
}

async function lint(name: string, text: string, ...more: readonly string[]) {
  await writeFile(join(folder, name), text)
  return run(['config', 'lint', join(folder, name), ...more])
}

async function migrate(name: string, text: string, ...more: readonly string[]) {
  await writeFile(join(folder, name), text)
  return run(['config', 'migrate', join(folder, name), ...more])
}

describe('config lint', () => {
  test('reports every problem of a template in YAML at its place, and only warns of the rest', async () => {
    const text = `# what we run
image: python:3.12
driver_config:
  acme:
    schema_version: 2
    size_gb: 20
    mounts:
      - source: a
      - surce: b
  docker: { mounts: [] }
`
    expect(await lint('t.yaml', text)).toEqual({
      code: 1,
      stderr: '',
      stdout: [
        't.yaml:6:5: error UNKNOWN_FIELD driver_config.size_gb: unknown field in schema_version 2; did you mean "size_gib"?',
        '  fix: Rename the key to "size_gib".',
        't.yaml:9:9: error UNKNOWN_FIELD driver_config.mounts[1].surce: unknown field in schema_version 2; did you mean "source"?',
        '  fix: Rename the key to "source".',
        't.yaml:9:9: error FIELD_REQUIRED driver_config.mounts[1].source: is required',
        '  fix: Add "source": a string.',
        't.yaml:10:3: warning BLOCK_NOT_CHECKED the block of driver "docker" was not checked: only its own driver knows it.',
        't.yaml: refused by acme (3 errors, 1 warning)',
        '',
      ].join('\n'),
    })
  })

  const v2 = '{"schema_version": 2'
  test.each([
    ['a block', 'b.json', `${v2}, "size_gib": 5}`, [], 0, 'accepted by acme, schema_version 2 (0 errors, 0 warnings)'],
    ['comments and a last comma', 'b.jsonc', `// why\n${v2},}`, [], 0, 'accepted by acme, schema_version 2'],
    ['an envelope', 'e.json', '{"acme": {"size": 5}}', [], 1, 'e.json:1:11: error TYPE_MISMATCH'],
    ['a file without an ending', 'config', 'acme: { size: 5 }', [], 1, 'config:1:9: error TYPE_MISMATCH'],
    ['a missing block', 'e.json', '{"docker": {}}', [], 0, 'warning NO_BLOCK_FOR_DRIVER'],
    ['warnings', 'e.json', '{"docker": {}}', ['--deny-warnings'], 2, 'accepted by acme'],
    ['a misspelled driver', 'e.json', '{"Acme": {"size": 5}}', [], 0, 'Did you mean "acme"'],
    ['a field that looks like a driver', 'b.json', '{"mounts": {}}', [], 1, 'b.json:1:2: error'],
    ['an explicit shape', 'e.json', '{"x": {}}', ['--as', 'envelope'], 0, 'NO_BLOCK_FOR_DRIVER'],
    ['an envelope that is none', 't.yaml', 'driver_config: [acme]', [], 1, 't.yaml:1:1: error ENVELOPE_NOT_OBJECT'],
    ['a deprecated field', 'b.json', `${v2}, "quiet": true}`, [], 0, 'b.json:1:23: warning FIELD_DEPRECATED'],
    ['--strict and a deprecated field', 'b.json', `${v2}, "quiet": true}`, ['--strict'], 1, 'error FIELD_DEPRECATED'],
    ['--strict and no marker', 'b.json', '{"size": "1Gi"}', ['--strict'], 1, 'error SCHEMA_VERSION_MISSING'],
    ['--strict and an older version', 'b.json', '{"size": "1Gi"}', ['--strict'], 1, 'error VERSION_NOT_CURRENT'],
    ['what depends on the request', 'b.json', `${v2}, "gpu_ids": ["a"]}`, [], 3, 'warning DEPENDS_ON_REQUEST'],
    ['a known request', 't.json', `{"gpu": true, "driver_config": {"acme": ${v2}, "gpu_ids": []}}}`, [], 0, 'accepted'],
    ['a request that refuses', 't.json', `{"driver_config": {"acme": ${v2}, "gpu_ids": []}}}`, [], 1, 'CONFLICTS_WITH'],
    ['a secret', 'b.json', `${v2}, "mounts": [{"source": "ghp_${'a1B2'.repeat(9)}"}]}`, [], 1, 'SECRET_NOT_ALLOWED'],
  ])('judges %s', async (_, name, text, flags, code, shown) => {
    const result = await lint(name, text, ...flags)
    expect(result).toMatchObject({ code, stderr: '', stdout: expect.stringContaining(shown) })
    expect(result.stdout).not.toMatch(/ghp_|a1B2/)
  })

  test("judges with the operator's settings, from their variables", async () => {
    vi.stubEnv('ACME_MOST', '5')
    const result = await lint('b.json', '{"schema_version": 2, "size_gib": 6}')
    expect(result).toMatchObject({ code: 1, stdout: expect.stringContaining('1:23: error NOT_ALLOWED_BY_OPERATOR') })
  })

  test.each([
    ['b.json', '{"size": }', 'b.json:1:10: the file is not JSON: value expected'],
    ['b.json', '{"size": 1,\n "size": 2}', 'b.json:2:2: the file has a key that is written twice'],
    ['b.json', '['.repeat(100_000), 'b.json:1:65: the file has more than 64 levels'],
    ['b.json', ' ', 'b.json:1:2: the file is not JSON'],
    ['b.yaml', 'size: "secret', 'b.yaml:1:14: the file is not YAML: missing char'],
    ['b.yaml', 'size: 1\nsize: 2', 'b.yaml:2:1: the file is not YAML: duplicate key'],
    ['b.yaml', `${'- '.repeat(500_000)}a`, 'the file has more than 64 levels'],
    ['b.yaml', 'a: 1\n---\nb: 1', 'b.yaml:2:1: the file is not YAML: there is more than one document'],
    ['b.yaml', 'a: !!js/function x', 'b.yaml:1:4: the file is not YAML: tag resolve failed'],
    ['b.yaml', 'a: *secret', 'b.yaml:1:1: the file is not YAML: its aliases'],
    [
      'b.yaml',
      `a: &a [${'x,'.repeat(50)}]\n${'bcdef'.replaceAll(/./g, (c) => `${c}: &${c} [${`*${String.fromCharCode(c.charCodeAt(0) - 1)},`.repeat(50)}]\n`)}`,
      'aliases',
    ],
    ['b.yaml', 'a'.repeat(1_048_577), 'has more than 1048576 bytes'],
  ])('could not check %s %#', async (name, text, message) => {
    const result = await lint(name, text)
    expect(result).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining(message) })
    expect(result.stderr).not.toContain('secret')
  })

  test('a missing file could not be checked either, also as JSON', async () => {
    const missing = join(folder, 'none.json')
    expect(await run(['config', 'lint', missing])).toEqual({
      code: 3,
      stdout: '',
      stderr: 'acme-driver: The file none.json cannot be read (ENOENT); give the path of a config file.\n',
    })
    const { code, stdout } = await run(['config', 'lint', missing, '--json'])
    expect([code, JSON.parse(stdout)]).toEqual([3, expect.objectContaining({ verdict: 'unchecked' })])
  })

  test('reads the standard input for -', async () => {
    const piped = Readable.from(['{"acme": ', '{"size": 5}}']) as typeof process.stdin
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(piped)
    const result = await run(['config', 'lint', '-'])
    expect(result).toMatchObject({ code: 1, stdout: expect.stringContaining('<stdin>:1:11: error TYPE_MISMATCH') })
  })

  test('prints its report as JSON', async () => {
    const { stdout } = await lint('e.json', '{\n  "acme": {"schema_version": 2, "a/b": 1}}', '--json')
    expect(JSON.parse(stdout)).toEqual({
      file: 'e.json',
      driver: 'acme',
      shape: 'envelope',
      verdict: 'refused',
      errors: 1,
      warnings: 0,
      findings: [
        {
          severity: 'error',
          code: 'UNKNOWN_FIELD',
          line: 2,
          column: 33,
          pointer: '/acme/a~1b',
          message: expect.stringContaining('unknown field'),
          fix: expect.any(String),
        },
      ],
    })
  })

  test('a driver without a config refuses any block', async () => {
    await writeFile(join(folder, 'e.yaml'), 'plain: { a: 1 }')
    const result = await run(['config', 'lint', join(folder, 'e.yaml')], plain as never)
    expect(result).toMatchObject({ code: 1, stdout: expect.stringContaining('CONFIG_NOT_SUPPORTED') })
  })
})

describe('config migrate', () => {
  test('prints the file in the current version, with its comments and order, and says what is lost', async () => {
    const text = `# ours
image: python:3.12 # pinned
driver_config:
  # theirs
  docker:
    mounts:
    - target: /a # kept
  acme:
    # how large
    size: 20Gi
    colour: red
`
    expect(await migrate('t.yaml', text)).toEqual({
      code: 0,
      stderr: 't.yaml: lost: driver_config: the colour is gone. Check the result of the upgrade.\n',
      stdout: `# ours
image: python:3.12 # pinned
driver_config:
  # theirs
  docker:
    mounts:
    - target: /a # kept
  acme:
    # how large
    schema_version: 2
    size_gib: 20
`,
    })
    expect(await readFile(join(folder, 't.yaml'), 'utf8')).toBe(text)
  })

  test('keeps the form of JSON, and leaves a block alone that needs nothing', async () => {
    const text = '{\n    // for tests\n    "acme": {\n        "size": "5Gi"\n    }\n}\n'
    expect(await migrate('e.json', text)).toMatchObject({
      code: 0,
      stdout: '{\n    // for tests\n    "acme": {\n        "schema_version": 2,\n        "size_gib": 5\n    }\n}\n',
    })
    const current = '{"schema_version": 2}'
    expect(await migrate('b.json', current)).toEqual({ code: 0, stdout: current, stderr: '' })
    expect(await migrate('b.json', '{"size": "5Gi"}', '--to', '1')).toMatchObject({
      stdout: '{\n  "schema_version": 1,\n  "size": "5Gi"\n}',
    })
  })

  test('goes back, and writes a block anew that aliases make hard to edit', async () => {
    expect(await migrate('b.yaml', 'schema_version: 2\nsize_gib: 7\n', '--to', '1')).toMatchObject({
      code: 0,
      stdout: 'schema_version: 1\nsize: 7Gi\n',
    })
    const shared = 'other: &shared { size: 7Gi }\nacme: *shared\n'
    expect(await migrate('e.yaml', shared, '--as', 'envelope')).toMatchObject({
      code: 0,
      stdout: 'other: &shared { size: 7Gi }\nacme:\n  schema_version: 2\n  size_gib: 7\n',
    })
  })

  test('writes only when asked, with a copy of the file before, and never over a copy', async () => {
    const written = await migrate('b.json', '{"size": "5Gi"}', '--write')
    expect(written).toEqual({
      code: 0,
      stdout: '',
      stderr: 'b.json: brought from schema_version 1 to 2; the file before is b.json.v1.bak\n',
    })
    expect((await readdir(folder)).sort()).toEqual(['b.json', 'b.json.v1.bak'])
    expect(await readFile(join(folder, 'b.json.v1.bak'), 'utf8')).toBe('{"size": "5Gi"}')
    expect(JSON.parse(await readFile(join(folder, 'b.json'), 'utf8'))).toEqual({ schema_version: 2, size_gib: 5 })
    expect(await migrate('b.json', '{"size": "6Gi"}', '--write')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('b.json.v1.bak exists already, so nothing was written'),
    })
    expect(await readFile(join(folder, 'b.json'), 'utf8')).toBe('{"size": "6Gi"}')
  })

  test('--check only tells', async () => {
    expect(await migrate('b.json', '{"size": "5Gi"}', '--check')).toMatchObject({ code: 1, stdout: '' })
    expect(await migrate('b.json', '{"schema_version": 2}', '--check')).toMatchObject({ code: 0, stdout: '' })
  })

  test.each([
    [
      '{"size": 5}',
      [],
      1,
      'b.json:1:2: error TYPE_MISMATCH driver_config.size: must be a string, got a number\n  fix: ',
    ],
    ['{"docker": {}}', [], 3, 'has no block for driver acme'],
    ['{}', ['--to', '3'], 2, '--to must be a schema_version that driver acme reads: 1 to 2'],
    ['{}', ['--to', 'two'], 2, '--to must be a schema_version'],
    ['{}', ['--check', '--write'], 2, 'either --check or --write'],
    ['{}', ['--wrote'], 2, 'did you mean --write?'],
  ])('refuses %s %j', async (text, flags, code, message) => {
    expect(await migrate('b.json', text, ...flags)).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringContaining(message),
    })
  })
})

test.each(['lint', 'migrate'])('config %s without a file is a wrong command line, and no refusal', async (command) => {
  const stderr = 'acme-driver: Write a FILE after the command; see --help.\n'
  expect(await run(['config', command])).toEqual({ code: 2, stdout: '', stderr })
})

describe('config explain', () => {
  test('lists the fields of the current version', async () => {
    expect(await run(['config', 'explain'])).toEqual({
      code: 0,
      stderr: '',
      stdout: `driver_config of acme, schema_version 2 (current, stable, since 1.4.0)

size_gib: whole number, 1 to 512; default 10; in GiB; since 1.4.0

mounts: list of object, at most 8 items

mounts[].source: string, at most 20 characters; required; reports may show it
    Where it comes from.

mounts[].key: string, at most 253 characters, pattern ${'^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,251}[A-Za-z0-9])?$'}; a reference to a key of the volume, never shown

gpu_ids: list of string

quiet: boolean
    deprecated since 1.5.0: It has no effect.
`,
    })
  })

  test('explains a field as reports write it, an older version and a code', async () => {
    const { stdout } = await run(['config', 'explain', 'driver_config.mounts[0].source', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ version: 2, fields: [{ path: 'mounts[].source', required: true }] })
    expect((await run(['config', 'explain', 'size', '--version', '1'])).stdout).toContain('size: string')
    expect((await run(['config', 'explain', 'UNKNOWN_FIELD'])).stdout).toBe(
      'UNKNOWN_FIELD: unknown field\n  error; the writer of the block can remove the cause\n  fix: Remove the key or correct its name.\n',
    )
  })

  test.each([
    [['sise_gib'], 'did you mean "size_gib"?'],
    [['UNKNOWN_FIELDS'], 'did you mean "UNKNOWN_FIELD"?'],
    [['size_gib', '--version', '9'], 'it reads 1, 2'],
  ])('refuses %j', async (words, message) => {
    const result = await run(['config', 'explain', ...words])
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) })
  })
})

describe('help', () => {
  test.each(['schema', 'lint', 'migrate', 'explain'])('of config %s has examples and exit codes', async (name) => {
    const { stdout } = await run(['config', name, '--help'])
    expect(stdout).toMatch(new RegExp(`USAGE acme-driver config ${name}[^]*EXAMPLES[^]*acme-driver config ${name}`))
    expect(stdout).toMatch(/EXIT CODES\n\n {2}0 {4}/)
  })

  test('names no command that is not there', async () => {
    const { stdout } = await run(['config', '--help'])
    const named = [...stdout.matchAll(/acme-driver config ([a-z]+)/g)].map(([, name]) => name ?? '')
    const unknown = await run(['config', 'nothing'])
    expect(new Set(named)).toEqual(new Set(/commands: (.*)\n/.exec(unknown.stderr)?.[1]?.split(', ')))
    expect(unknown.code).toBe(2)
  })
})
