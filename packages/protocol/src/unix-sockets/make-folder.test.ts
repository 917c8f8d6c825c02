import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeFolder } from './make-folder.js'

let place = ''
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'made-folder-'))
  await writeFile(join(place, 'file'), '')
  await symlink('nowhere', join(place, 'link'))
})
afterAll(() => rm(place, { recursive: true }))

test('a folder is made with those above it, also by two at once, and is taken as it is the next time', async () => {
  const path = join(place, 'a', 'b', 'c')
  await Promise.all([makeFolder(path, { mode: 0o700 }), makeFolder(path, { mode: 0o700 })])
  await makeFolder(path)
  expect((await stat(path)).mode & 0o777).toBe(0o700)
})

test.each([
  ['a file', 'file', 'ENOTDIR'],
  ['below a file', 'file/below', 'ENOTDIR'],
  ['a link to nothing', 'link', 'EEXIST'],
  ['a name that is too long', 'x'.repeat(300), 'ENAMETOOLONG'],
])('%s is refused', async (_name, path, code) => {
  await expect(makeFolder(join(place, path))).rejects.toMatchObject({ code })
})

test.skipIf(process.platform !== 'linux')('a folder that the system does not create is refused at once', async () => {
  await expect(makeFolder('/proc/state/below')).rejects.toMatchObject({ code: 'ENOENT' })
})
