import { expect, test } from 'vitest'
import * as supervisor from './index.js'

test('public names', () => {
  expect(Object.keys(supervisor).sort()).toMatchInlineSnapshot(`
    [
      "PROCESS_MARK",
      "SupervisorError",
      "killSandboxProcesses",
      "parseMainProcessSpec",
      "readSupervisorEnvironment",
      "supervise",
    ]
  `)
})
