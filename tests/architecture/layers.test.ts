import { describe, expect, test } from 'vitest'
import { importsOf, reachableImports } from './imports.js'
import {
  allowedImports,
  declarationViolations,
  generatedViolations,
  packageViolations,
  purityViolations,
} from './layer-rules.js'
import { type PackageManifest, readManifest } from './package-manifest.js'
import { isTestFile, packageNames, readSourceFiles, type SourceFile } from './source-files.js'

const names = packageNames()
const sources = readSourceFiles(...names.map((name) => `packages/${name}/src`)).filter(({ path }) => !isTestFile(path))
const manifests = Object.fromEntries(names.map((name) => [name, readManifest(name)]))

const typeBox = /^(typebox|@sinclair\/typebox)(\/|$)/
const envelope = 'packages/driver-config/src/envelope/index.ts'

function envelopeViolations(files: readonly SourceFile[]): string[] {
  return reachableImports(files, envelope)
    .filter(({ specifier }) => typeBox.test(specifier))
    .map(({ specifier, path }) => `${path} imports "${specifier}", and /envelope reaches it.`)
}

describe('the packages', () => {
  test('are the ones that the rules know', () => {
    expect(Object.keys(allowedImports).sort()).toEqual(names)
  })

  test('import one another downwards only', () => {
    expect(packageViolations(sources)).toEqual([])
  })

  test('declare what they import', () => {
    expect(declarationViolations(sources, manifests)).toEqual([])
  })

  test('keep driver-config free of Node and gRPC', () => {
    expect(purityViolations(sources)).toEqual([])
  })

  test('keep TypeBox out of the envelope', () => {
    expect(envelopeViolations(sources)).toEqual([])
  })

  test('keep generated code behind protocol and behind the wires of sdk', () => {
    expect(generatedViolations(sources)).toEqual([])
  })
})

describe('the rules', () => {
  const file = (path: string, text: string): SourceFile => ({ path: `packages/${path}`, text })

  test('see each form of an import', () => {
    const text = `
      import { a } from 'one'
      import type { B } from 'two'
      export * from './three.js'
      export { c } from 'four'
      const five = await import('five')
      // import { x } from 'comment'
    `
    expect(importsOf({ path: 'x.ts', text })).toEqual(['one', 'two', './three.js', 'four', 'five'])
  })

  test.each([
    ['sdk/src/a.ts', `import '@openshell-ts/driver-kit'`, 'sdk may import protocol, driver-config'],
    ['protocol/src/a.ts', `import '@openshell-ts/sdk'`, 'protocol may import no package of ours'],
    ['driver-kit/src/a.ts', `import type { A } from '@openshell-ts/dev-gateway'`, 'driver-kit may import'],
    ['sdk/src/a.ts', `import '../../driver-kit/src/b.js'`, 'leaves its own package'],
    ['sdk/src/a.ts', `import '@openshell-ts/sdk/template-file'`, 'names its own package'],
  ])('refuse a wrong direction: %s %s', (path, text, problem) => {
    expect(packageViolations([file(path, text)])).toEqual([expect.stringContaining(problem)])
  })

  test('allow the right direction', () => {
    const text = `import '@openshell-ts/protocol/compute'; import './b.js'; import 'pino'`
    expect(packageViolations([file('driver-kit/src/a.ts', text)])).toEqual([])
  })

  test('refuse what a manifest does not declare or export', () => {
    const known: Record<string, PackageManifest> = {
      sdk: { name: '@openshell-ts/sdk', dependencies: { yaml: '1', '@openshell-ts/protocol': 'workspace:*' } },
      protocol: { name: '@openshell-ts/protocol', exports: { './v0-0': './x' } },
    }
    const text = `import 'yaml'; import 'pino'; import '@openshell-ts/protocol/v0-0'; import '@openshell-ts/protocol/gen'`
    expect(declarationViolations([file('sdk/src/a.ts', text)], known)).toEqual([
      'packages/sdk/src/a.ts imports "pino": pino is neither in dependencies nor in peerDependencies.',
      'packages/sdk/src/a.ts imports "@openshell-ts/protocol/gen": @openshell-ts/protocol does not export ./gen.',
    ])
  })

  test.each(['node:fs', 'fs', '@grpc/grpc-js', '@bufbuild/protobuf'])('refuse %s in driver-config', (specifier) => {
    expect(purityViolations([file('driver-config/src/a.ts', `import '${specifier}'`)])).toHaveLength(1)
    expect(purityViolations([file('driver-kit/src/a.ts', `import '${specifier}'`)])).toEqual([])
  })

  test('let only the test kit ask for modules of Node, in one place', () => {
    const text = `export const fs: typeof import('node:fs') = process.getBuiltinModule('node:fs')`
    const use = `import { nodeModule } from '../testing/node-module.js'`
    const kit = 'driver-config/src/testing'
    expect(purityViolations([file(`${kit}/node-module.ts`, text), file(`${kit}/fixture-folder.ts`, use)])).toEqual([])
    expect(purityViolations([file(`${kit}/index.ts`, text), file('driver-config/src/check/a.ts', use)])).toEqual([
      expect.stringContaining('testing/index.ts asks for a module of Node'),
      expect.stringContaining('check/a.ts imports'),
      expect.stringContaining('testing/index.ts imports "node:fs"'),
    ])
  })

  test('find TypeBox behind several files', () => {
    const chain = [
      file('driver-config/src/envelope/index.ts', `export { a } from './a.js'`),
      file('driver-config/src/envelope/a.ts', `import '../b.js'; import './index.js'`),
      file('driver-config/src/b.ts', `import { Type } from '@sinclair/typebox'`),
    ]
    expect(envelopeViolations(chain)).toEqual([
      'packages/driver-config/src/b.ts imports "@sinclair/typebox", and /envelope reaches it.',
    ])
  })

  test('refuse generated code outside its places', () => {
    expect(
      generatedViolations([
        file('protocol/src/compute.ts', `export * from './gen/x_pb.js'`),
        file('driver-kit/src/a.ts', `import '@openshell-ts/protocol/gen/x_pb.js'`),
        file('sdk/src/wire/v0-0/codec.ts', `import '@openshell-ts/protocol/v0-0'`),
        file('sdk/src/transport/gateway.ts', `import '@openshell-ts/protocol/v0-0'`),
        file('sdk/src/sandbox.ts', `import '@openshell-ts/protocol/v0-0'`),
      ]),
    ).toEqual([
      expect.stringContaining('packages/driver-kit/src/a.ts'),
      expect.stringContaining('packages/sdk/src/sandbox.ts'),
    ])
  })
})
