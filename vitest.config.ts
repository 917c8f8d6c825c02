import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`packages/${path}`, import.meta.url))

// In-process tests read the packages' sources; tests that start processes run what is built.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@openshell-ts\/protocol\/grpc$/, replacement: source('protocol/src/grpc/index.ts') },
      { find: /^@openshell-ts\/driver-config\/envelope$/, replacement: source('driver-config/src/envelope/index.ts') },
      { find: /^@openshell-ts\/driver-config\/testing$/, replacement: source('driver-config/src/testing/index.ts') },
      { find: /^@openshell-ts\/driver-kit\/conformance$/, replacement: source('driver-kit/src/conformance/index.ts') },
      { find: /^@openshell-ts\/([^/]+)$/, replacement: source('$1/src/index.ts') },
      { find: /^@openshell-ts\/([^/]+)\/(.+)$/, replacement: source('$1/src/$2.ts') },
    ],
  },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'tests/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Vitest leaves a core free, but most of the long tests wait for processes.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 20_000,
    typecheck: { include: ['packages/*/src/**/*.test-d.ts', 'packages/*/test/**/*.test-d.ts'] },
  },
})
