import { PassThrough } from 'node:stream'
import { DriverConfigRejectedError, OpenShellError } from '@openshell-ts/sdk'
import { expect, test } from 'vitest'
import { createReport } from './report.js'

function told(error: Error): string {
  const stderr = new PassThrough()
  createReport({ stdout: new PassThrough(), stderr }, false).fail(error)
  return String(stderr.read())
}

test('each problem of a refused block is told once', () => {
  const issues = [
    { code: 'UNKNOWN_FIELD', path: 'driver_config.sise', message: 'driver_config.sise: unknown field' },
    { code: '', path: 'driver_config.mounts', message: 'too many' },
  ]
  const message = 'driver acme refuses this driver_config (2 problems):\n- driver_config.sise: unknown field'
  expect(told(new DriverConfigRejectedError({ message, refusal: 'schema', issues }))).toBe(
    `${message}\n  driver_config.mounts: too many\n`,
  )
})

test.each([
  ['Set allowOutside: true if you mean it.', 'Add --allow-outside if you mean it.'],
  [
    "Nothing was sent. If the gateway allows more than this release knows, connect with clientChecks: 'off'.",
    'Nothing was sent.',
  ],
  ['Or create it with waitReady: false, and use waitCompleted.', 'Or add --no-wait, and see its end with watch.'],
  ['Run: x, set Y, or give the name.', 'Run: x, set Y, or add --gateway NAME, or --endpoint URL.'],
  ['Choose another localPort, or 0 for a free one.', 'Choose another local port, or 0 for a free one.'],
  ["Pass wireLine: '0.1' to OpenShellClient.connect only if", 'Pass --wire-line 0.1 only if'],
])('%j is put into the words of the command line', (hint, words) => {
  expect(told(new OpenShellError({ kind: 'configuration', message: 'It failed.', hint }))).toBe(
    `It failed.\n  ${words}\n`,
  )
})
