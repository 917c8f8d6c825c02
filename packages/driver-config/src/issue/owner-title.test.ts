import { expect, test } from 'vitest'
import { ownerOf } from './owner-title.js'

test.each([
  ['driver_config', 'driver'],
  ['middleware_config', 'middleware'],
  ['credential_driver_config', 'credential driver'],
  ['settings', 'component'],
  ['_config', 'component'],
])('a config under %s is the config of a %s', (root, owner) => {
  expect(ownerOf(root)).toBe(owner)
})
