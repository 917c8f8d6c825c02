import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sandbox } from '@openshell-ts/sdk'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { listSandboxProcesses } from '../src/local-process/sandbox-processes.js'
import { startWorld, type World } from './world.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let world: World

beforeAll(async () => {
  process.env['SECRET_OF_THE_HOST'] = 'hunter2'
  world = await startWorld()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** Runs a shell script in a sandbox and returns what it prints. */
async function shell(sandbox: Sandbox, script: string): Promise<string> {
  const { stdoutText, stderrText } = await sandbox.commands.run(['sh', '-c', script])
  return (stdoutText + stderrText).trim()
}

function isTail(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('tail')
}

// The same wishes in the words of both versions.
const both: [string, object][] = [
  [
    'version 1',
    {
      schema_version: 1,
      workdir: 'project/inner',
      files: [
        { path: 'bin/hello', content: '#!/bin/sh\necho hello\n', executable: true },
        { path: 'notes.txt', content: 'a note\n' },
      ],
      max_open_files: 256,
      max_file_size_mib: 1,
      niceness: 3,
    },
  ],
  [
    'version 2',
    {
      schema_version: 2,
      working_directory: 'project/inner',
      files: [
        { path: 'bin/hello', content: '#!/bin/sh\necho hello\n', executable: true },
        { path: 'notes.txt', content: 'a note\n' },
      ],
      limits: { open_files: 256, file_size_bytes: 1_048_576 },
      priority: 3,
    },
  ],
]

test.each(both)('each field of %s has its effect', async (_version, block) => {
  await using sandbox = await world.create(block)
  const home = join(world.folderOf(sandbox), 'home')
  expect(await shell(sandbox, 'pwd')).toBe(join(home, 'project/inner'))
  expect(await shell(sandbox, 'bin/hello')).toBe('hello')
  expect(await shell(sandbox, 'cat notes.txt; test -x notes.txt || echo not executable')).toBe('a note\nnot executable')
  expect(await shell(sandbox, 'ulimit -n')).toBe('256')
  expect(await shell(sandbox, 'dd if=/dev/zero of=small bs=1024 count=1024 2>/dev/null && echo written')).toBe(
    'written',
  )
  expect(
    await shell(sandbox, 'dd if=/dev/zero of=large bs=1024 count=1025 2>&1; ls -l large | cut -d " " -f 5'),
  ).toMatch(/1048576$/)
  expect(await shell(sandbox, 'nice')).toBe('3')
})

test('a sandbox without a block works with the defaults', async () => {
  await using sandbox = await world.create(undefined, { driverConfig: {} })
  expect(await shell(sandbox, 'basename "$PWD"; ls; umask; nice')).toBe('work\n0022\n0')
})

test('umask has its effect on files of commands and of the main process', async () => {
  await using sandbox = await world.create(
    { schema_version: 2, umask: '027' },
    { command: ['sh', '-c', 'touch by-main; exec tail -f /dev/null'] },
  )
  expect(await shell(sandbox, 'touch by-command; ls -l by-* | cut -c 1-10')).toBe('-rw-r-----\n-rw-r-----')
})

test('the home survives a stop unless keep_files is off', async () => {
  const files = [{ path: 'given', content: 'as given\n' }]
  for (const keep_files of [true, false]) {
    await using sandbox = await world.create({ schema_version: 2, keep_files, files })
    await shell(sandbox, 'echo changed > given; touch made ~/at-home')
    await sandbox.stop()
    expect(existsSync(join(world.folderOf(sandbox), 'home'))).toBe(keep_files)
    await sandbox.start()
    await sandbox.waitReady()
    expect(await shell(sandbox, 'ls; cat given')).toBe(keep_files ? 'given\nmade\nchanged' : 'given\nas given')
  }
})

test('processes get the time of stop.timeout_ms to end by themselves, and no more', async () => {
  const slow = "trap 'sleep 0.3; touch farewell; exit' TERM; while :; do sleep 0.02; done"
  for (const [timeout_ms, ended] of [
    [10_000, true],
    [0, false],
  ] as const) {
    await using sandbox = await world.create(
      { schema_version: 2, stop: { timeout_ms } },
      { command: ['sh', '-c', slow] },
    )
    await sandbox.stop()
    expect(existsSync(join(world.folderOf(sandbox), 'home/work/farewell'))).toBe(ended)
  }
})

test('the sandbox sees the block that the handler received', async () => {
  await using sandbox = await world.create({ schema_version: 1, niceness: 4 })
  const received = JSON.parse(await shell(sandbox, 'cat "$LOCAL_PROCESS_CONFIG_FILE"'))
  expect(received).toEqual({
    working_directory: 'work',
    files: [],
    keep_files: true,
    limits: {},
    stop: { timeout_ms: 10_000 },
    priority: 4,
    umask: '022',
  })
})

test('processes get the user’s environment and nothing of the driver’s', async () => {
  await using sandbox = await world.create(
    {},
    { environment: { GREETING: 'hello', LOCAL_PROCESS_CONFIG_FILE: '/spoof' } },
  )
  const environment = await shell(sandbox, 'env')
  expect(environment).toContain('GREETING=hello')
  expect(environment).toContain(`HOME=${world.folderOf(sandbox)}/home\n`)
  expect(environment).toContain(`TMPDIR=${world.folderOf(sandbox)}/home/tmp\n`)
  expect(environment).not.toContain('/spoof')
  const main = listSandboxProcesses({ directory: world.folderOf(sandbox) }).find(({ pid }) => isTail(pid))
  const ofMain = readFileSync(`/proc/${main?.pid}/environ`, 'utf8')
  for (const text of [environment, ofMain, readFileSync(join(world.folderOf(sandbox), 'supervisor.log'), 'utf8')]) {
    expect(text).not.toMatch(/hunter2|OPENSHELL_SANDBOX_TOKEN|eyJ/)
  }
})

test('an image has no effect, and the client is told so', async () => {
  const heard: string[] = []
  const sandbox = await world.client.sandboxes.create(
    { image: 'python:3.12', command: ['tail', '-f', '/dev/null'] },
    { onProgress: ({ message }) => void heard.push(message ?? '') },
  )
  await sandbox.delete()
  expect(heard).toContain('A local-process sandbox runs on its host: the image of the template has no effect.')
})

test.each([
  ['a GPU', { gpu: true as const }, 'resource_requirements.gpu'],
  ['a memory limit', { resources: { limits: { memory: '1Gi' } } }, 'template.resources.limits.memory'],
  ['reserved CPU', { resources: { requests: { cpu: '1' } } }, 'remove resources'],
])('refuses %s before anything exists', async (_what, spec, advice) => {
  await expect(world.create({}, spec)).rejects.toThrow(advice)
  expect(await world.client.sandboxes.list().toArray()).toEqual([])
})
