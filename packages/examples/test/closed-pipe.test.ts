import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { packageFile } from '../src/package-file.js'

// A reader that goes away at once, as `head -c 0` does.
test.concurrent.each([
  ['@openshell-ts/dev-gateway', 'openshell-dev-gateway', ['--help'], 0],
  ['@openshell-ts/dev-supervisor', 'openshell-dev-supervisor', ['--help'], 0],
  ['@openshell-ts/driver-kit', 'openshell-driver', ['conformance', '--list'], 0],
  ['@openshell-ts/examples', 'sandbox-story', ['--help'], 0],
] as const)('%s: %s whose output nobody reads ends without a word', async (name, program, argv, code) => {
  const child = spawn(process.execPath, [packageFile(name, `bin/${program}.js`), ...argv])
  child.stdout.destroy()
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  expect([await once(child, 'close'), errors]).toEqual([[code, null], ''])
})
