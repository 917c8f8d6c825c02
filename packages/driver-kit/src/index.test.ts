import { expect, test } from 'vitest'
import * as kit from './index.js'

test('public names', () => {
  expect(Object.keys(kit).sort()).toMatchInlineSnapshot(`
    [
      "DefinitionError",
      "DriverError",
      "defineDriver",
      "defineDriverConfig",
      "extensions",
      "findReservedPath",
      "opaque",
      "reservedPaths",
      "runDriver",
      "serveDriver",
      "supervisorEnvironment",
      "withDefault",
    ]
  `)
})
