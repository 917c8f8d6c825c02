import { homedir } from 'node:os'
import { expect, test } from 'vitest'
import { defaultStateDirectory } from './default-state-directory.js'

test('the state lies below XDG_STATE_HOME', () => {
  expect(defaultStateDirectory('acme', { XDG_STATE_HOME: '/var/state' })).toBe('/var/state/openshell/drivers/acme')
})

test('without the variable, and with one that is no absolute path, the state lies in the home folder', () => {
  const below = `${homedir()}/.local/state/openshell/drivers/acme`
  expect(defaultStateDirectory('acme', {})).toBe(below)
  expect(defaultStateDirectory('acme', { XDG_STATE_HOME: '' })).toBe(below)
  expect(defaultStateDirectory('acme', { XDG_STATE_HOME: 'relative' })).toBe(below)
})
