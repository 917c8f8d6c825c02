import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ProviderFiles } from './provider-files.js'

let place = ''
let folder = ''
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'sup-files-'))
  folder = join(place, 'box')
  await mkdir(folder)
})
afterEach(() => rm(place, { recursive: true }))

const listing = async () => (await readdir(place, { recursive: true })).sort()

test('files stand in the folder for their owner alone, change with what brings them, and go with it', async () => {
  const files = new ProviderFiles(folder)
  const paths = ['/sandbox/.config/a/key', '~/token', 'plain', join(folder, 'whole')]
  const { places, refused } = await files.install(new Map(paths.map((path) => [path, 'hunter2'])))
  expect(refused).toEqual([])
  expect([...places.values()]).toEqual(['.config/a/key', 'token', 'plain', 'whole'].map((name) => join(folder, name)))
  const modes = await Promise.all([...places.values()].map(async (path) => (await stat(path)).mode & 0o777))
  expect(modes).toEqual([0o600, 0o600, 0o600, 0o600])
  await files.install(new Map([['plain', 'other']]))
  expect(await readFile(join(folder, 'plain'), 'utf8')).toBe('other')
  expect(await listing()).toEqual(['box', 'box/.config', 'box/.config/a', 'box/plain'])
  await files.removeAll()
  expect(await listing()).toEqual(['box'])
})

test.each([
  '/etc/hosts',
  '../outside',
  '/sandbox/../../outside',
  '~/../outside',
  'sub/',
  '.',
  '',
  'a\0b',
  'link/key',
  'taken',
])('%j is refused, and nothing is touched', async (path) => {
  await symlink(place, join(folder, 'link'))
  await writeFile(join(folder, 'taken'), 'mine')
  const before = await listing()
  const files = new ProviderFiles(folder)
  expect(await files.install(new Map([[path, 'hunter2']]))).toEqual({ places: new Map(), refused: [path] })
  await files.removeAll()
  expect(await listing()).toEqual(before)
  expect(await readFile(join(folder, 'taken'), 'utf8')).toBe('mine')
})

test('a link in the place of a file is refused, and what it leads to stays', async () => {
  await writeFile(join(place, 'outside'), 'mine')
  await symlink(join(place, 'outside'), join(folder, 'key'))
  const files = new ProviderFiles(folder)
  expect((await files.install(new Map([['key', 'hunter2']]))).refused).toEqual(['key'])
  expect(await readFile(join(place, 'outside'), 'utf8')).toBe('mine')
})

test('a file that an earlier supervisor left is taken over', async () => {
  await new ProviderFiles(folder).install(new Map([['key', 'hunter2']]))
  const files = new ProviderFiles(folder)
  expect((await files.install(new Map([['key', 'hunter2']]))).refused).toEqual([])
  await files.removeAll()
  expect(await listing()).toEqual(['box'])
})
