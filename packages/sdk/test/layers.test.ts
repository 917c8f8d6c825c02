import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SOURCES = fileURLToPath(new URL('../src', import.meta.url))

interface Imports {
  readonly loaded: readonly string[]
  readonly onDemand: readonly string[]
  readonly types: readonly string[]
}

/** What a source imports: when it is loaded, on demand, and for its types only. */
async function importsOf(file: string): Promise<Imports> {
  const text = await readFile(file, 'utf8')
  const all = [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;'"]*?from\s+['"]([^']+)'|^import\s+'([^']+)'/gm)]
  return {
    loaded: all.filter(([, type]) => type === undefined).map(([, , from, bare]) => from ?? bare ?? ''),
    types: all.filter(([, type]) => type !== undefined).map(([, , from]) => from ?? ''),
    onDemand: [...text.matchAll(/\bimport\('([^']+)'\)/g)].map(([, specifier]) => specifier ?? ''),
  }
}

/** Everything outside the package that is loaded together with a source. */
async function packagesLoadedBy(entry: string): Promise<string[]> {
  const packages = new Set<string>()
  const seen = new Set<string>()
  const waiting = [join(SOURCES, entry)]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    for (const specifier of (await importsOf(file)).loaded) {
      if (specifier.startsWith('.')) waiting.push(join(dirname(file), specifier.replace(/\.js$/, '.ts')))
      else packages.add(specifier)
    }
  }
  return [...packages].filter((name) => !name.startsWith('node:')).sort()
}

async function sources(): Promise<string[]> {
  const files = await readdir(SOURCES, { recursive: true, withFileTypes: true })
  return files
    .filter((file) => file.isFile() && /(?<!\.test|\.test-d)\.ts$/.test(file.name))
    .map((file) => join(file.parentPath, file.name))
}

test('importing the package loads nothing that speaks to gateways, and connecting no generated code', async () => {
  expect(await packagesLoadedBy('index.ts')).toEqual(['@openshell-ts/driver-config/envelope'])
  expect(await packagesLoadedBy('transport/gateway.ts')).toEqual([
    '@bufbuild/protobuf',
    '@bufbuild/protobuf/wire',
    '@bufbuild/protobuf/wkt',
    '@connectrpc/connect',
  ])
})

test('reading template files loads nothing of the network', async () => {
  expect(await packagesLoadedBy('template-file.ts')).toEqual([
    '@openshell-ts/driver-config/envelope',
    'jsonc-parser',
    'yaml',
  ])
})

test('the way past the package loads generated code on demand alone', async () => {
  expect(await packagesLoadedBy('raw.ts')).toEqual([])
})

test('a codec is loaded on demand', async () => {
  const { onDemand } = await importsOf(join(SOURCES, 'transport/load-codec.ts'))
  expect(onDemand).toEqual(['../wire/v0-0/codec.js', '../wire/v0-1/codec.js'])
})

test.each([
  ['generated messages', /^@openshell-ts\/protocol/, /^wire\//],
  ['connect', /^@connectrpc\//, /^(wire|transport|raw)\//],
  ['protobuf', /^@bufbuild\//, /^(wire|transport\/grpc)\//],
])('%s stay inside their layer', async (_, specifier, layer) => {
  const outside: string[] = []
  for (const file of await sources()) {
    const { loaded, types } = await importsOf(file)
    const path = relative(SOURCES, file)
    if (!layer.test(path) && [...loaded, ...types].some((name) => specifier.test(name))) outside.push(path)
  }
  expect(outside).toEqual([])
})

test('no type of connect or protobuf is in the published types, except in those of the way past them', async () => {
  const folder = fileURLToPath(new URL('../dist', import.meta.url))
  const files = (await readdir(folder)).filter((name) => name.endsWith('.d.ts') && name !== 'raw.d.ts')
  const imported = new Set<string>()
  for (const file of files) {
    const { loaded, types } = await importsOf(join(folder, file))
    for (const name of [...loaded, ...types]) if (!/^(\.|node:)/.test(name)) imported.add(name)
  }
  expect([...imported]).toEqual(['@openshell-ts/driver-config/envelope'])
})
