import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileSandboxStore } from './file-sandbox-store.js'
import type { SandboxRecord } from './sandbox-record.js'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp('/tmp/dk-')
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

function record(id: string): SandboxRecord {
  const now = new Date(0).toISOString()
  return {
    spec: {
      id,
      name: `name-${id}`,
      workspace: 'default',
      image: '',
      command: [],
      tty: false,
      logLevel: '',
      labels: {},
      agentSocketPath: '',
      awaitMainProcessAttachment: false,
    },
    createdAt: now,
    state: { type: 'running' },
    stateSince: now,
  }
}

test('what is created is loaded again, with its secrets, in another process', async () => {
  const first = await FileSandboxStore.open(directory)
  const stored = await first.create(record('one'), { token: 'token', environment: { KEY: 'v' } })
  await first.create(record('two'), { environment: {} })
  await first.update({ ...record('two'), state: { type: 'stopped' } })
  await first.close()
  const second = await FileSandboxStore.open(directory)
  const { sandboxes, broken } = await second.load()
  const byId = new Map(sandboxes.map((sandbox) => [sandbox.record.spec.id, sandbox]))
  expect(broken).toEqual([])
  expect(byId.get('one')).toEqual(stored)
  expect(byId.get('two')).toMatchObject({ record: { state: { type: 'stopped' } }, environment: {} })
  expect(byId.get('two')).not.toHaveProperty('tokenFile')
  await second.close()
})

test('a removed sandbox is gone with its folder, and removing it again is no error', async () => {
  const store = await FileSandboxStore.open(directory)
  const { directory: own } = await store.create(record('one'), { token: 't', environment: {} })
  await writeFile(join(own, 'data'), 'x')
  await store.remove('one')
  await store.remove('one')
  expect(await readdir(join(directory, 'sandboxes'))).toEqual([])
  expect(await readdir(join(directory, 'scratch'))).toEqual([])
  await store.close()
})

test('what a crash left half-made or half-removed is cleared at the next start', async () => {
  const store = await FileSandboxStore.open(directory)
  await store.close()
  await writeFile(join(directory, 'scratch', 'half'), 'secret')
  const next = await FileSandboxStore.open(directory)
  expect(await readdir(join(directory, 'scratch'))).toEqual([])
  await next.close()
})

test('nothing is created half: an id whose folder exists fails and leaves that folder alone', async () => {
  const store = await FileSandboxStore.open(directory)
  await store.create(record('one'), { token: 'first', environment: {} })
  await expect(store.create(record('one'), { token: 'second', environment: {} })).rejects.toThrow()
  expect(await readFile(join(directory, 'sandboxes', 'one', 'sandbox.jwt'), 'utf8')).toBe('first')
  expect(await readdir(join(directory, 'scratch'))).toEqual([])
  await store.close()
})

test('a closed store writes nothing more', async () => {
  const store = await FileSandboxStore.open(directory)
  await store.close()
  const late = 'The state directory has been given up'
  await expect(store.create(record('one'), { environment: {} })).rejects.toThrow(late)
  await expect(store.update(record('one'))).rejects.toThrow(late)
  await expect(store.remove('one')).rejects.toThrow(late)
})

test('the folder is made private, and one that cannot be used is refused with its path', async () => {
  await chmod(directory, 0o755)
  const store = await FileSandboxStore.open(directory)
  expect((await stat(directory)).mode & 0o777).toBe(0o700)
  await store.close()
  await writeFile(join(directory, 'file'), '')
  await expect(FileSandboxStore.open(join(directory, 'file'))).rejects.toThrow(
    `The state directory "${join(directory, 'file')}" cannot be used: ${join(directory, 'file')} is no folder. Choose another`,
  )
  await symlink(directory, join(directory, 'link'))
  await expect(FileSandboxStore.open(join(directory, 'link'))).rejects.toThrow('it is not a directory')
})

test('an environment file that cannot be read breaks only its own sandbox', async () => {
  const store = await FileSandboxStore.open(directory)
  for (const id of ['a', 'b']) await store.create(record(id), { environment: { KEY: 'v' } })
  await writeFile(join(directory, 'sandboxes', 'a', 'environment.json'), '["secret-content"]')
  const { sandboxes, broken } = await store.load()
  expect(sandboxes.map(({ record: { spec } }) => spec.id)).toEqual(['b'])
  expect(broken.map(({ problem }) => problem)).toEqual([
    expect.stringContaining('environment.json is not a map of text'),
  ])
  expect(broken[0]?.problem).not.toContain('secret-content')
  await store.close()
})

test('whatever else is wrong with one place, it is named and kept, and the others are read', async () => {
  const store = await FileSandboxStore.open(directory)
  await store.create(record('good'), { environment: {} })
  const places = join(directory, 'sandboxes')
  await writeFile(join(places, 'a-file'), 'x')
  await mkdir(join(places, 'empty'))
  await mkdir(join(places, 'folder', 'record.json'), { recursive: true })
  const { sandboxes, broken } = await store.load()
  expect(sandboxes.map(({ record: { spec } }) => spec.id)).toEqual(['good'])
  expect(broken.map(({ place }) => place)).toEqual(['a-file', 'empty', 'folder'].map((name) => join(places, name)))
  for (const { place, problem } of broken) expect(problem).toContain(`Repair or remove "${place}".`)
  expect((await readdir(places)).sort()).toEqual(['a-file', 'empty', 'folder', 'good'])
  await store.close()
})

test('a directory that cannot be read stops the start with what to change', async () => {
  const store = await FileSandboxStore.open(directory)
  await rm(join(directory, 'sandboxes'), { recursive: true })
  await expect(store.load()).rejects.toThrow(
    /^The state directory cannot be read: ENOENT.+ Let this user read ".+\/sandboxes", or choose another --state-dir\.$/,
  )
  await store.close()
})
