import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { walkLocalTree } from './local-tree.js'

const NOBODY = 65_534
const { signal } = new AbortController()
let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'walk-'))
  await chmod(root, 0o755)
  for (const name of ['a', 'd', 'z']) await writeFile(join(root, name), name)
  for (const name of ['b', 'c']) await mkdir(join(root, name))
  await writeFile(join(root, 'c', 'inside'), 'c')
  for (const name of ['b', 'c']) await chmod(join(root, name), 0)
})
afterAll(async () => {
  await rm(root, { recursive: true, force: true })
})

/** Runs what a user does for whom permissions count: for the superuser they do not. */
async function asUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid?.(NOBODY)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}

async function pathsOf(onUnreadable: (path: string, cause: unknown) => void): Promise<string[]> {
  const paths: string[] = []
  for await (const { path } of walkLocalTree(root, { onUnreadable, signal })) paths.push(path)
  return paths
}

test('folders that may not be read are told with their paths and the code of the system, and the rest is walked', async () => {
  const told: unknown[] = []
  const paths = await asUser(() => pathsOf((path, cause) => told.push([path, cause])))
  expect(paths.filter((path) => !['b', 'c'].includes(path))).toEqual(['a', 'd', 'z'])
  expect(told).toEqual(['b', 'c'].map((name) => [join(root, name), expect.objectContaining({ code: 'EACCES' })]))
})

test('a walk ends with what is thrown about it', async () => {
  const walking = asUser(() =>
    pathsOf((path) => {
      throw new RangeError(path)
    }),
  )
  await expect(walking).rejects.toThrow(join(root, 'b'))
})
