import { expect, test } from 'vitest'
import { findReservedPath } from './reserved-paths.js'

test('a mount in, on or above a reserved folder is found, whatever its spelling', () => {
  for (const path of [
    '/etc/openshell',
    '/etc/openshell/',
    '//etc//openshell/auth',
    '/data/../etc/openshell/x',
    'etc/openshell',
  ]) {
    expect([path, findReservedPath(path)]).toEqual([path, '/etc/openshell'])
  }
  expect([findReservedPath('/'), findReservedPath('/opt'), findReservedPath('/var/run')]).toEqual([
    '/opt/openshell',
    '/opt/openshell',
    '/var/run/netns',
  ])
})

test('names that only begin alike are free', () => {
  for (const path of ['/etc/openshell2', '/etc/open', '/run/openshell-other', '/data', '/srv/etc/openshell']) {
    expect([path, findReservedPath(path)]).toEqual([path, undefined])
  }
})

test('the workspace may be mounted into, but not over', () => {
  expect(findReservedPath('/sandbox/data', '/sandbox')).toBeUndefined()
  expect(findReservedPath('/sandbox/', '/sandbox')).toBe('/sandbox')
  expect(findReservedPath('/a', '/a/b/sandbox')).toBe('/a/b/sandbox')
})
