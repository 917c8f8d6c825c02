import { describe, expect, test } from 'vitest'
import { checkRemotePath, isInside, landingPath, partPath, toPathArgument } from './remote-path.js'

test.each([
  ['/work', '/work', true],
  ['/work', '/work/a/b', true],
  ['/work', '/work/..a', true],
  ['/', '/etc', true],
  ['/work', '/worker', false],
  ['/work', '/', false],
  ['/work', '/etc/passwd', false],
])('in %s is %s: %s', (folder, path, inside) => {
  expect(isInside(folder, path)).toBe(inside)
})

test.each([
  ['--help', './--help'],
  ['-', './-'],
  ['a b;$(x)', 'a b;$(x)'],
  ['/-x', '/-x'],
])('%s is the argument %s', (path, argument) => {
  expect(toPathArgument(path)).toBe(argument)
})

describe('a copy', () => {
  test.each([
    ['out', 'a.txt', 'out'],
    ['out/', 'a.txt', 'out/a.txt'],
    ['/', 'a.txt', '/a.txt'],
  ])('to %s of %s lands at %s', (target, name, landing) => {
    expect(landingPath(target, name)).toBe(landing)
  })

  test('waits beside its place under a name of its own, also for long and odd ones', () => {
    expect(partPath('/a/b.txt')).toMatch(/^\/a\/\.b\.txt\.[0-9a-f-]{13}\.part$/)
    expect(partPath('dir/')).toMatch(/^\.dir\./)
    expect(partPath('x'.repeat(255)).length).toBeLessThan(130)
    expect(partPath('/a/b')).not.toBe(partPath('/a/b'))
  })
})

test.each([[''], ['a\0b'], [7], [undefined]])('%j is no path', (path) => {
  expect(() => checkRemotePath(path)).toThrow('invalid-argument')
})
