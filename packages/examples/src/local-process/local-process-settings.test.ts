import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { localProcessSettings } from './local-process-settings.js'

test.each([
  [process.execPath, true],
  ['/no/such/program', false],
  ['node', false],
  ['/', false],
  [fileURLToPath(import.meta.url), false],
])('%s as the supervisor of sandboxes: %j', (path, isGood) => {
  expect(localProcessSettings.supervisorCommand.check(path) === undefined).toBe(isGood)
})
