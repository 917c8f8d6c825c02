import { lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TreeEntry } from './file-store.js'
import { receiveTree } from './receive-tree.js'

type Entry = readonly [path: string, target?: string]

let outer: string
beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), 'receive-'))
  await mkdir(join(outer, 'aim'))
})
afterEach(() => rm(outer, { recursive: true, force: true }))

/** What a sandbox sends: links with their targets, folders with a slash at their end, and files. */
async function* send(entries: readonly Entry[]): AsyncGenerator<TreeEntry, void> {
  for (const [path, target] of entries) {
    if (target !== undefined) yield { type: 'symlink', path, target }
    else if (path.endsWith('/')) yield { type: 'directory', path: path.slice(0, -1), mode: 0o755 }
    else yield { type: 'file', path, mode: 0o4777, sizeBytes: 1, content: text() }
  }
}

async function* text(): AsyncGenerator<Uint8Array, void> {
  yield new TextEncoder().encode('x')
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )

async function receive(entries: readonly Entry[]): Promise<readonly string[]> {
  const unsafe: string[] = []
  const signal = new AbortController().signal
  const onUnsafe = (path: string) => void unsafe.push(path)
  await receiveTree(join(outer, 'into'), send(entries), { onUnsafe, count: (content) => content, signal })
  return unsafe
}

describe('a sandbox that sends what it should not', () => {
  test.each<[string, readonly Entry[], readonly string[]]>([
    ['a name above the folder', [['../aim/x']], ['../aim/x']],
    ['a name above it further down', [['d/'], ['d/../../aim/x']], ['d/../../aim/x']],
    ['an absolute name', [['/tmp/x']], ['/tmp/x']],
    ['a link above it', [['l', '../aim']], ['l']],
    ['an absolute link', [['l', '/tmp']], ['l']],
    [
      'a link that a later one leads out',
      [
        ['a', 'b/../aim'],
        ['b', '.'],
      ],
      ['a'],
    ],
    [
      'a link that an earlier one leads out',
      [
        ['b', '.'],
        ['c', 'b/../aim'],
      ],
      ['c'],
    ],
    [
      'a link out to what is not there yet',
      [
        ['a', 'b/../new'],
        ['b', '.'],
      ],
      ['a'],
    ],
    [
      'a link out to a folder that is not there yet',
      [
        ['a', 'b/../new/er'],
        ['b', '.'],
      ],
      ['a'],
    ],
    ['a link back from where nothing is', [['d/'], ['d/a', 'none/../../x']], ['d/a']],
    [
      'a link through three that are harmless',
      [['d/'], ['d/a', 'b/c/x'], ['d/b', '..'], ['c', 'd/b/..']],
      ['d/a', 'c'],
    ],
    ['a link to itself', [['a', 'a']], []],
    [
      'links in a circle',
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
      [],
    ],
    ['links that stay inside', [['d/'], ['d/f'], ['a', 'd/f'], ['d/up', '..'], ['none', 'd/none']], []],
    ['a name that is no UTF-8', [['a\ufffd']], ['a\ufffd']],
  ])('by %s writes nothing outside the folder', async (_, entries, unsafe) => {
    expect(await receive(entries)).toEqual(unsafe)
    expect(await readdir(outer)).toEqual(['aim', 'into'])
    expect(await readdir(join(outer, 'aim'))).toEqual([])
    const isThere = await Promise.all(entries.map(([path]) => exists(join(outer, 'into', path))))
    expect(entries.filter((_, index) => !isThere[index]).map(([path]) => path)).toEqual(unsafe)
  })

  test.each<[string, readonly Entry[]]>([
    ['a file below a link', [['l', 'd'], ['d/'], ['l/x']]],
    ['a file below a file', [['f'], ['f/x']]],
    ['a file twice', [['f'], ['f']]],
    ['a link in the place of a file', [['f'], ['f', 'd']]],
    ['a file in a folder that it did not send', [['d/x']]],
  ])('by %s fails', async (_, entries) => {
    await expect(receive(entries)).rejects.toMatchObject({ name: 'FileError' })
    expect(await readdir(join(outer, 'aim'))).toEqual([])
  })

  test('by a file that changes its user gets none of that', async () => {
    await receive([['f']])
    expect((await lstat(join(outer, 'into/f'))).mode & 0o7000).toBe(0)
  })
})
