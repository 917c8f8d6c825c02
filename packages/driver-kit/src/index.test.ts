import { expect, test } from 'vitest'
import * as kit from './index.js'

test('public names', () => {
  expect(Object.keys(kit).sort()).toMatchInlineSnapshot(`
    [
      "DefinitionError",
      "DriverError",
      "code",
      "convert",
      "convertUnit",
      "defineDriver",
      "defineDriverConfig",
      "drop",
      "each",
      "exclusive",
      "extensions",
      "findReservedPath",
      "gate",
      "inVariant",
      "lengthEquals",
      "mapEnum",
      "move",
      "noPathOverlap",
      "notSecret",
      "onlyWith",
      "opaque",
      "operations",
      "readOnlyDominates",
      "refers",
      "rename",
      "requires",
      "reservedPaths",
      "rule",
      "runDriver",
      "secretRef",
      "serveDriver",
      "setDefault",
      "supervisorEnvironment",
      "unique",
      "unwrap",
      "withDefault",
      "wrap",
      "wrapList",
    ]
  `)
})
