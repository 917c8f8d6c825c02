import { readFile } from 'node:fs/promises'
import { checkCompatibility, readConfigLock } from '@openshell-ts/driver-config/compatibility'
import { testDriverConfig } from '@openshell-ts/driver-config/testing'
import { expect, test } from 'vitest'
import { localProcessConfig } from './local-process-config.js'

testDriverConfig(localProcessConfig, { test, fixturesDir: new URL('fixtures', import.meta.url), runs: 50 })

test('still does for every block what its releases did', async () => {
  const lock = readConfigLock(await readFile(new URL('driver-config.lock.json', import.meta.url), 'utf8'))
  const report = checkCompatibility(localProcessConfig, lock, { now: new Date(), runs: 50 })
  expect(report).toMatchObject({ verdict: 'ok', changes: [], notices: [], migrations: [{ from: 1, to: 2 }] })
})

test('brings a block of version 1 to version 2', () => {
  const result = localProcessConfig.safeParse({
    schema_version: 1,
    workdir: 'project',
    files: [{ path: 'a', content: 'text' }],
    keep_files: false,
    max_open_files: 512,
    max_file_size_mib: 64,
    stop_timeout_seconds: 5,
    niceness: 7,
  })
  expect(result).toMatchObject({
    ok: true,
    declaredVersion: 1,
    value: {
      working_directory: 'project',
      files: [{ path: 'a', content: 'text', executable: false }],
      keep_files: false,
      limits: { open_files: 512, file_size_bytes: 67_108_864 },
      stop: { timeout_ms: 5_000 },
      priority: 7,
      umask: '022',
    },
  })
})

test('no block, an empty one, and the defaults of both versions mean the same', () => {
  const defaults = localProcessConfig.parse(undefined)
  expect(defaults).toEqual({
    working_directory: 'work',
    files: [],
    keep_files: true,
    limits: {},
    stop: { timeout_ms: 10_000 },
    priority: 0,
    umask: '022',
  })
  expect(localProcessConfig.parse({})).toEqual(defaults)
  expect(localProcessConfig.parse({ schema_version: 1 })).toEqual(defaults)
  expect(localProcessConfig.parse({ schema_version: 2 })).toEqual(defaults)
})

test.each([
  ['a directory outside the home', { schema_version: 2, working_directory: '../other' }, 'FORMAT_INVALID'],
  ['a file outside the working directory', { files: [{ path: '/etc/x', content: '' }] }, 'FORMAT_INVALID'],
  [
    'a size that the shell cannot count',
    { schema_version: 2, limits: { file_size_bytes: 1_048_577 } },
    'NUMBER_NOT_MULTIPLE',
  ],
  ['too few files for the supervisor itself', { max_open_files: 10 }, 'NUMBER_OUT_OF_RANGE'],
  ['a umask that is not octal', { schema_version: 2, umask: '088' }, 'PATTERN_MISMATCH'],
  ['an old name in a new block', { schema_version: 2, niceness: 5 }, 'FIELD_REPLACED'],
])('refuses %s', (_what, block, code) => {
  const result = localProcessConfig.safeParse(block)
  expect(result.ok ? [] : result.issues.map((issue) => issue.code)).toEqual([code])
})

test.each([
  [['a', 'b', 'a'], ['driver_config.files[2].path']],
  [['dir', 'dir/file'], ['driver_config.files[1].path']],
  [['dir/file', 'dir'], ['driver_config.files[1].path']],
  [['a/b', 'a/c', 'a.b'], []],
])('finds files that are in each other’s way: %j', (paths, places) => {
  for (const schema_version of [1, 2]) {
    const result = localProcessConfig.safeParse({ schema_version, files: paths.map((path) => ({ path, content: '' })) })
    expect(result.ok ? [] : result.issues.map(({ path }) => path)).toEqual(places)
  }
})
