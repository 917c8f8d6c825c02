import { defineConfig } from 'tsup'

// The tests' player as a program: everything from packages stays an import.
export default defineConfig({
  entry: ['main.ts'],
  format: 'esm',
  target: 'node20',
  outDir: '../dist',
  skipNodeModulesBundle: true,
  clean: true,
  tsconfig: '../../../../tsconfig.base.json',
})
