import { defineConfig } from 'vitest/config'

// One run of the compiler over the whole repository: type tests are counted, and an error anywhere else fails it as well.
export default defineConfig({
  test: {
    typecheck: {
      enabled: true,
      only: true,
      include: ['packages/*/src/**/*.test-d.ts', 'packages/*/test/**/*.test-d.ts'],
    },
  },
})
