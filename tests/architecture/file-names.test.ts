import { describe, expect, test } from 'vitest'
import { packageNames, readSourceFiles } from './source-files.js'

// Names that say where a thing ended up, not what it is.
const vague = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'types', 'manager', 'managers'])

function nameProblems(path: string): string[] {
  const parts = path.split('/')
  const file = parts.pop() ?? ''
  const stem = file.replace(/(\.test|\.test-d|\.config)?\.(ts|mts|js|mjs)$/, '')
  return [...parts, stem].flatMap((part) => {
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part)) return [`${path}: "${part}" is not kebab-case.`]
    const word = part.split('-').find((one) => vague.has(one))
    return word === undefined ? [] : [`${path}: "${word}" says nothing; name the file after what it exports.`]
  })
}

test('files and folders are named after what they hold', () => {
  const folders = packageNames().map((name) => `packages/${name}`)
  const files = readSourceFiles(...folders, 'tools', 'tests', 'bench')
  expect(files.flatMap(({ path }) => nameProblems(path))).toEqual([])
})

describe('the rule', () => {
  test.each([
    'packages/sdk/src/openshell-client.ts',
    'packages/sdk/src/wire/v0-0/codec.test.ts',
    'packages/sdk/src/errors.test-d.ts',
    'packages/sdk/tsup.config.ts',
    'tools/run.mjs',
  ])('accepts %s', (path) => {
    expect(nameProblems(path)).toEqual([])
  })

  test.each([
    ['packages/sdk/src/openshellClient.ts', '"openshellClient" is not kebab-case'],
    ['packages/sdk/src/wire_line.ts', '"wire_line" is not kebab-case'],
    ['packages/sdk/src/Wire/codec.ts', '"Wire" is not kebab-case'],
    ['packages/sdk/src/utils.ts', '"utils" says nothing'],
    ['packages/sdk/src/string-helpers.test.ts', '"helpers" says nothing'],
    ['packages/sdk/src/session-manager.ts', '"manager" says nothing'],
    ['packages/sdk/src/common/path.ts', '"common" says nothing'],
    ['packages/sdk/src/types.ts', '"types" says nothing'],
  ])('refuses %s', (path, problem) => {
    expect(nameProblems(path)).toEqual([expect.stringContaining(problem)])
  })
})
