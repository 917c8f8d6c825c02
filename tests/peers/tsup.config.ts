import { defineConfig } from 'tsup'

// Beside this folder, so that scripts and caches are found by the same relative paths as from the sources.
export default defineConfig({
  entry: { main: 'main.ts' },
  format: 'esm',
  target: 'node20',
  outDir: '../dist',
  skipNodeModulesBundle: true,
  clean: true,
  tsconfig: '../../tsconfig.base.json',
})
