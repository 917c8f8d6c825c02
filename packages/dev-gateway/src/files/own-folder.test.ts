import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeOwnFolder } from './own-folder.js'

let place = ''
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'gw-folder-'))
  writeFileSync(join(place, 'file'), '')
  symlinkSync(join(place, 'nowhere'), join(place, 'link'))
  symlinkSync('loop', join(place, 'loop'))
})
afterAll(() => rmSync(place, { recursive: true }))

test('a folder is made with those above it, for its owner alone, and is taken as it is the next time', () => {
  const path = join(place, 'a', 'b')
  makeOwnFolder(path)
  writeFileSync(join(path, 'kept'), '')
  makeOwnFolder(path)
  expect(readdirSync(path)).toEqual(['kept'])
  expect([path, join(place, 'a')].map((folder) => statSync(folder).mode & 0o777)).toEqual([0o700, 0o700])
})

test.each([
  ['a file', 'file', 'file is no folder'],
  ['below a file', 'file/below', 'it, or what it stands in, is no folder'],
  ['a link to nothing', 'link', 'link is a link to nothing'],
  ['below a link to nothing', 'link/below', 'link is a link to nothing'],
  ['a link to itself', 'loop', 'it is a link to itself'],
  ['a name that is too long', 'x'.repeat(300), 'the path is too long'],
  ['a path that is too long', 'deep/'.repeat(2_000), 'the path is too long'],
])('%s is refused with what is wrong', (_name, path, reason) => {
  expect(() => makeOwnFolder(join(place, path))).toThrow(reason)
})

test.skipIf(process.platform !== 'linux')('a folder that the system does not create is refused at once', () => {
  expect(() => makeOwnFolder('/proc/state')).toThrow(
    'The folder /proc/state cannot be used: no folder can be created there. Name one that can be created and written.',
  )
})
