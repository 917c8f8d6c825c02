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
