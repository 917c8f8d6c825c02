import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createDemoFolder } from './demo-folder.js'

test('makes a folder that only this user can read, and removes it with its content', () => {
  const folder = createDemoFolder()
  expect(statSync(folder.path).mode & 0o777).toBe(0o700)
  writeFileSync(join(folder.path, 'file'), '')
  folder.remove()
  expect(existsSync(folder.path)).toBe(false)
})

test('leaves room for the path of a socket in a sandbox folder', () => {
  const folder = createDemoFolder()
  const socket = join(folder.driverState, 'sandboxes', '01234567-89ab-cdef-0123-456789abcdef', 'files', 's')
  expect(Buffer.byteLength(socket)).toBeLessThan(103)
  folder.remove()
})
