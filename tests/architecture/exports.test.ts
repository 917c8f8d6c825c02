import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type PackageManifest, readManifest } from './package-manifest.js'
import { packageNames, readSourceFiles, repositoryRoot, type SourceFile } from './source-files.js'

const names = packageNames()

/** What is wrong with the doors of a package; `exists` answers for paths below the package's folder. */
function exportProblems(manifest: PackageManifest, exists: (path: string) => boolean): string[] {
  const sideDoors = (['main', 'module', 'types', 'browser'] as const).filter((key) => manifest[key] !== undefined)
  return [
    ...sideDoors.map((key) => `"${key}" is a door beside exports; remove it.`),
    ...(manifest.type === 'module' ? [] : ['"type" must be "module".']),
    ...(manifest.private ? [] : publishedProblems(manifest)),
    ...Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => targetProblems(subpath, target, exists)),
    ...Object.entries(manifest.bin ?? {}).flatMap(([command, path]) =>
      exists(path) ? [] : [`bin ${command}: ${path} does not exist.`],
    ),
  ]
}

function publishedProblems({ exports = {}, files = [] }: PackageManifest): string[] {
  return [
    ...(exports['./package.json'] === './package.json' ? [] : ['exports lacks "./package.json".']),
    ...(files.includes('dist') ? [] : ['"files" lacks "dist".']),
  ]
}

function targetProblems(
  subpath: string,
  target: string | { readonly types?: string; readonly default?: string },
  exists: (path: string) => boolean,
): string[] {
  if (subpath.includes('*')) return [`${subpath}: a pattern exports more than what is listed.`]
  if (typeof target === 'string') return exists(target) ? [] : [`${subpath}: ${target} does not exist.`]
  if (Object.keys(target).join() !== 'types,default') return [`${subpath}: must have types, then default.`]
  const source = (target.default ?? '').replace(/^\.\/dist\//, './src/').replace(/\.js$/, '.ts')
  return [
    ...(exists(source) ? [] : [`${subpath}: its source ${source} does not exist.`]),
    ...(target.types === target.default?.replace(/\.js$/, '.d.ts') ? [] : [`${subpath}: types and default differ.`]),
  ]
}

// The generated files of a wire belong together under one subpath, so protocol's own subpaths pass them on whole.
function wildcardProblems(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path, text }) => !path.startsWith('packages/protocol/') && /^export \* (as \w+ )?from/m.test(text))
    .map(({ path }) => `${path} exports everything of another file; list the names.`)
}

test.each(names)('%s exports what its manifest lists, and that exists', (name) => {
  const exists = (path: string) => existsSync(join(repositoryRoot, 'packages', name, path))
  expect(exportProblems(readManifest(name), exists)).toEqual([])
})

test('every name that a package exports is written down', () => {
  expect(wildcardProblems(readSourceFiles(...names.map((name) => `packages/${name}/src`)))).toEqual([])
})

describe('the rules', () => {
  const good: PackageManifest = {
    name: '@openshell-ts/x',
    type: 'module',
    files: ['dist'],
    bin: { x: './bin/x.js' },
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
  }
  const existing = new Set(['./src/index.ts', './package.json', './bin/x.js'])
  const problemsOf = (change: Partial<PackageManifest>) =>
    exportProblems({ ...good, ...change }, (path) => existing.has(path))

  test('accept a good manifest', () => {
    expect(problemsOf({})).toEqual([])
  })

  test.each<[Partial<PackageManifest>, string]>([
    [{ main: './dist/index.js' }, '"main" is a door beside exports'],
    [{ type: 'commonjs' }, '"type" must be "module"'],
    [{ files: ['src'] }, '"files" lacks "dist"'],
    [{ bin: { y: './bin/y.js' } }, 'bin y: ./bin/y.js does not exist'],
    [{ exports: {} }, 'exports lacks "./package.json"'],
    [
      { exports: { ...good.exports, './a': { types: './dist/a.d.ts', default: './dist/a.js' } } },
      './a: its source ./src/a.ts does not exist',
    ],
    [
      { exports: { ...good.exports, '.': { types: './dist/other.d.ts', default: './dist/index.js' } } },
      '.: types and default differ',
    ],
    [
      { exports: { ...good.exports, '.': { default: './dist/index.js', types: './dist/index.d.ts' } } },
      '.: must have types, then default',
    ],
    [{ exports: { ...good.exports, './*': './dist/*' } }, './*: a pattern exports more'],
  ])('refuse %j', (change, problem) => {
    expect(problemsOf(change)).toEqual([expect.stringContaining(problem)])
  })

  test('refuse an export of everything', () => {
    const path = 'packages/sdk/src/index.ts'
    expect(wildcardProblems([{ path, text: `export * from './a.js'\n` }])).toHaveLength(1)
    expect(wildcardProblems([{ path, text: `export { a } from './a.js'\n` }])).toEqual([])
  })
})
