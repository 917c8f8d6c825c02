import { builtinModules } from 'node:module'
import { importsOf, packageOfImport, resolveRelative } from './imports.js'
import type { PackageManifest } from './package-manifest.js'
import type { SourceFile } from './source-files.js'

/** The packages that each package may import; a package that is missing here may import none and is itself an error. */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  'driver-config': [],
  'dev-supervisor': ['protocol'],
  'driver-kit': ['protocol', 'driver-config'],
  sdk: ['protocol', 'driver-config'],
  'dev-gateway': ['protocol', 'driver-config'],
  examples: ['protocol', 'driver-config', 'dev-supervisor', 'driver-kit', 'sdk', 'dev-gateway'],
}

const scope = '@openshell-ts/'

/** Imports that go up or sideways: a package that may not be imported, or a file of another package. */
export function packageViolations(files: readonly SourceFile[]): string[] {
  return forEachImport(files, ({ path }, specifier) => {
    const own = packageFolder(path)
    const target = resolveRelative(path, specifier)
    if (target !== undefined) {
      return target.startsWith(`packages/${own}/src/`) ? undefined : 'leaves its own package by a relative path'
    }
    if (!specifier.startsWith(scope)) return undefined
    const imported = packageOfImport(specifier)?.slice(scope.length) ?? ''
    if (imported === own) return 'names its own package; import the file by a relative path'
    const allowed = allowedImports[own] ?? []
    return allowed.includes(imported) ? undefined : `${own} may import ${allowed.join(', ') || 'no package of ours'}`
  })
}

/** Imports of packages that the manifest does not declare, and of subpaths that a package of ours does not export. */
export function declarationViolations(
  files: readonly SourceFile[],
  manifests: Readonly<Record<string, PackageManifest>>,
): string[] {
  return forEachImport(files, ({ path }, specifier) => {
    const name = packageOfImport(specifier)
    if (name === undefined || builtinModules.includes(name)) return undefined
    const own = manifests[packageFolder(path)]
    if (!(name in { ...own?.dependencies, ...own?.peerDependencies })) {
      return `${name} is neither in dependencies nor in peerDependencies`
    }
    const exported = name.startsWith(scope) ? manifests[name.slice(scope.length)]?.exports : undefined
    const subpath = `.${specifier.slice(name.length)}`
    return exported && !(subpath in exported) ? `${name} does not export ${subpath}` : undefined
  })
}

/** The one place of `driver-config` that asks for modules of Node, for fixtures of the test kit: at run time, without an import. */
const nodeModules = 'packages/driver-config/src/testing/node-module.ts'

/** Imports in `driver-config` that a browser cannot follow, or that bring a transport with them. */
export function purityViolations(files: readonly SourceFile[]): string[] {
  const pure = files.filter(({ path }) => path.startsWith('packages/driver-config/'))
  const asking = pure.filter(({ path, text }) => path !== nodeModules && text.includes('getBuiltinModule'))
  const asked = asking.map(({ path }) => `${path} asks for a module of Node: only ${nodeModules} does.`)
  const reaching = pure
    .filter(({ path }) => !path.startsWith('packages/driver-config/src/testing/'))
    .flatMap((file) => (importsOf(file).some((each) => each.endsWith('/node-module.js')) ? [file.path] : []))
    .map((path) => `${path} imports ${nodeModules}: only the test kit may.`)
  // The types of the modules, which leave nothing behind in what is built.
  const withoutTypes = ({ path, text }: SourceFile): SourceFile =>
    path === nodeModules ? { path, text: text.replaceAll(/typeof import\('node:\w+'\)/g, 'unknown') } : { path, text }
  return [...asked, ...reaching, ...importViolations(pure.map(withoutTypes))]
}

function importViolations(pure: readonly SourceFile[]): string[] {
  return forEachImport(pure, (_file, specifier) => {
    const builtin = specifier.startsWith('node:') || builtinModules.includes(specifier)
    const transport = /^(@grpc|@connectrpc|@bufbuild)\//.test(specifier)
    return builtin || transport ? 'driver-config is pure: no Node modules, no gRPC, no generated messages' : undefined
  })
}

/** Imports of generated code: only `protocol` itself may name it, and in `sdk` only the wires and the transport see it. */
export function generatedViolations(files: readonly SourceFile[]): string[] {
  return forEachImport(files, ({ path }, specifier) => {
    if (/(^|\/)gen\//.test(specifier) && !path.startsWith('packages/protocol/')) {
      return 'generated code is reached through the subpaths of protocol alone'
    }
    const sdkFile = path.startsWith('packages/sdk/src/') ? path.slice('packages/sdk/src/'.length) : undefined
    const wire = specifier.startsWith(`${scope}protocol`)
    return wire && sdkFile !== undefined && !/^(wire|transport)\//.test(sdkFile)
      ? 'in sdk only wire/ and transport/ know generated messages'
      : undefined
  })
}

function forEachImport(
  files: readonly SourceFile[],
  judge: (file: SourceFile, specifier: string) => string | undefined,
): string[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap((specifier) => {
      const problem = judge(file, specifier)
      return problem === undefined ? [] : [`${file.path} imports "${specifier}": ${problem}.`]
    }),
  )
}

function packageFolder(path: string): string {
  return path.split('/')[1] ?? ''
}
