import { defineConfig } from 'tsup'

// Five programs; their files in bin/ import what is built here.
export default defineConfig({
  entry: {
    'local-process/main': 'src/local-process/main.ts',
    'minimal-driver/main': 'src/minimal-driver/main.ts',
    'client/main': 'src/client/main.ts',
    'sandbox-cli/main': 'src/sandbox-cli/main.ts',
    'demo/main': 'src/demo/main.ts',
  },
  format: 'esm',
  target: 'node20',
  platform: 'node',
  sourcemap: true,
  clean: true,
  tsconfig: 'tsconfig.build.json',
})
