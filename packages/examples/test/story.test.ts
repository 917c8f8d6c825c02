import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { packageFile } from '../src/package-file.js'
import { startStory } from './program.js'
import { type ProgramWorld, startPrograms } from './program-world.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let world: ProgramWorld
/** What the client says to programs, by step. */
// biome-ignore lint/suspicious/noExplicitAny: these are facts of many shapes, each compared as a whole
let facts: Map<string, any>
let exitCode: number
let output: string

beforeAll(async () => {
  world = await startPrograms()
  await using story = startStory('--gateway', world.gatewayUrl, '--json')
  exitCode = await story.ended
  output = story.stdout() + story.stderr()
  const lines = story.stdout().trim().split('\n')
  facts = new Map(lines.map((line) => JSON.parse(line)).map(({ step, durationMs: _, ...rest }) => [step, rest]))
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

// What stands in the broken template and must never be shown.
const values = /plenty|AKIA|aws_access_key_id/

test('the story is told to its end and leaves nothing behind', async () => {
  expect(output).not.toContain('"step":"failed"')
  expect(exitCode).toBe(0)
  expect([...facts.keys()]).toEqual([
    'template',
    'gateway',
    'create',
    'config',
    'commands',
    'problems',
    'mistyped-driver',
    'delete',
  ])
  expect(await world.sandboxNames()).toEqual([])
  expect(world.sandboxFoldersInUse()).toEqual([])
})

test('the client checks the blocks whose schema it has, and says which ones it does not check', () => {
  expect(facts.get('template').verdicts).toEqual({
    'local-process': 'accepted',
    docker: 'unchecked',
    kubernetes: 'unchecked',
  })
})

test('the sandbox becomes ready', () => {
  expect(facts.get('gateway')).toEqual({ version: '0.0.111', activeDriver: 'local-process' })
  expect(facts.get('create').progress.at(-1)).toMatch(/^ready/)
})

test('the handler receives the current version of the block, migrated and with defaults', () => {
  expect(facts.get('config').received).toEqual({
    working_directory: 'project',
    files: [{ path: 'notes/welcome.txt', content: 'This file comes from the template.\n', executable: false }],
    keep_files: true,
    limits: { open_files: 512, file_size_bytes: 67_108_864 },
    stop: { timeout_ms: 5_000 },
    priority: 5,
    umask: '022',
  })
})

test('commands give output and exit codes, and a code other than 0 is a result', () => {
  expect(facts.get('commands').commands).toMatchObject([
    { exitCode: 0, stdout: expect.stringMatching(/^hello from \w+, in project\n.\/notes\/welcome.txt\n$/), stderr: '' },
    { exitCode: 3, stdout: '', stderr: 'this goes to stderr\n' },
  ])
})

test('a mistyped driver gives a warning with the nearest name', () => {
  expect(facts.get('mistyped-driver').warnings).toEqual([
    { type: 'no-matching-block', message: expect.stringContaining('local-proces'), suggestion: 'local-proces' },
  ])
})

test('client and driver report the same five problems, each with its path and what to change', () => {
  const { lint, refusal } = facts.get('problems')
  const inOrder = (one: { path: string }, other: { path: string }) => one.path.localeCompare(other.path)
  const places = [
    { code: 'FIELD_REQUIRED', path: 'driver_config.files[0].content' },
    { code: 'SECRET_NOT_ALLOWED', path: 'driver_config.files[1].content' },
    { code: 'TYPE_MISMATCH', path: 'driver_config.max_open_files' },
    { code: 'UNKNOWN_FIELD', path: 'driver_config.nicenes' },
    { code: 'UNKNOWN_FIELD', path: 'driver_config.umask' },
  ]
  expect(lint.toSorted(inOrder)).toMatchObject(places)
  expect(refusal.toSorted(inOrder)).toMatchObject(places)
  for (const { fix } of lint) expect(fix).toMatch(/^[A-Z].*\.$/)
  const byPath = new Map(refusal.map(({ path, message }: { path: string; message: string }) => [path, message]))
  expect(byPath.get('driver_config.nicenes')).toContain('did you mean "niceness"?')
  expect(byPath.get('driver_config.umask')).toContain('"umask" exists in schema_version 2')
})

test('people read the same story, with all problems and none of the values', async () => {
  const template = packageFile('@openshell-ts/examples', 'templates/portable.json')
  await using story = startStory('--gateway', world.gatewayUrl, '--template', template)
  expect(await story.ended).toBe(0)
  for (const expected of [
    'docker          not checked here: no schema at hand',
    '"working_directory": "project"',
    './notes/welcome.txt',
    'exit code 3',
    'driver_config.files[0].content: is required',
    'the driver refuses it with 5 problems',
    'Did you mean "local-process" where you wrote "local-proces"?',
  ]) {
    expect(story.stdout()).toContain(expected)
  }
  expect(story.stdout() + output).not.toMatch(values)
})
