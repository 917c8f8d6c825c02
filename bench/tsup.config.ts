import { defineConfig } from 'tsup'

// Everything from packages stays an import, so that what is measured is what is built.
export default defineConfig({
  entry: ['main.ts'],
  format: 'esm',
  target: 'node20',
  skipNodeModulesBundle: true,
  clean: true,
  tsconfig: '../tsconfig.base.json',
})
