import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { TestSequencer } from './tools/test-sequencer.js'
import { usesOwnProcess } from './tools/uses-own-process.js'

const root = fileURLToPath(new URL('.', import.meta.url))
const source = (path: string) => join(root, 'packages', path)

const testFiles = ['packages', 'tests', 'bench']
  .flatMap((folder) => filesBelow(folder))
  .filter((path) => path.endsWith('.test.ts'))
const alone = testFiles.filter((path) => usesOwnProcess(join(root, path)))
const shared = testFiles.filter((path) => !alone.includes(path))

// In-process tests read the packages' sources; tests that start processes run what is built.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@openshell-ts\/protocol\/(grpc|unix-sockets)$/, replacement: source('protocol/src/$1/index.ts') },
      {
        find: /^@openshell-ts\/driver-config\/(envelope|compatibility|testing)$/,
        replacement: source('driver-config/src/$1/index.ts'),
      },
      { find: /^@openshell-ts\/driver-kit\/conformance$/, replacement: source('driver-kit/src/conformance/index.ts') },
      { find: /^@openshell-ts\/([^/]+)$/, replacement: source('$1/src/index.ts') },
      { find: /^@openshell-ts\/([^/]+)\/(.+)$/, replacement: source('$1/src/$2.ts') },
    ],
  },
  test: {
    // Vitest leaves a core free, but most of the long tests wait for processes.
    maxWorkers: '100%',
    // Limits for what hangs: a busy machine must not reach them.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    sequence: { sequencer: TestSequencer },
    // Loading the packages takes longer than most files run. Files share processes, and what these have loaded, but for those
    // that the next file would notice.
    projects: [
      { extends: true, test: { name: 'alone', isolate: true, include: alone } },
      { extends: true, test: { name: 'shared', isolate: false, include: shared } },
    ],
  },
})

/** Paths below a folder of the repository, as seen from its root, without what is installed or built. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return []
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}
