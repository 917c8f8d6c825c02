import { existsSync, readFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

/**
 * The tsup configuration of the package in the current folder. Its entries are read from `exports`, and from `src/cli.ts`
 * where the package has one, so that what is built and what is published cannot differ.
 *
 * `inlined` are dependencies that are built in, because their CommonJS build asks for its parts in a way that bundlers cannot follow.
 */
export function tsupPackage({
  inlined = [],
}: {
  readonly inlined?: string[]
} = {}): Options | Options[] | ReturnType<typeof defineConfig> {
  const { exports = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports?: Record<string, unknown> }
  const entries = Object.values(exports)
    .filter((target): target is { default: string } => typeof target === 'object' && target !== null)
    .map((target) => target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))
  const entry = [...entries, ...(existsSync('src/cli.ts') ? ['src/cli.ts'] : [])]
  return defineConfig({
    entry,
    outDir: 'dist',
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    splitting: true,
    noExternal: inlined,
    sourcemap: true,
    clean: true,
    dts: { entry: entries },
    tsconfig: 'tsconfig.build.json',
  })
}
