// Generates packages/protocol/src/gen from proto/. Works offline: buf and the plugin come from node_modules.
// With --check it generates into a temporary folder and fails when a byte differs from what is committed.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const committed = join(root, 'packages/protocol/src/gen')

// The superset compute contract takes its policy message from line 0.1, so the two share one output folder.
const outputs = {
  'v0-0': ['v0-0'],
  'v0-1': ['v0-1', 'compute'],
  health: ['health'],
  rpc: ['rpc'],
}

/** Runs buf once for each output folder below `target`. */
function generateInto(target) {
  for (const [folder, modules] of Object.entries(outputs)) {
    const config = { version: 'v2', modules: modules.map((path) => ({ path })) }
    const plugin = {
      local: join(root, 'node_modules/.bin/protoc-gen-es'),
      out: join(target, folder),
      opt: ['target=js+dts', 'import_extension=js'],
    }
    execFileSync(
      join(root, 'node_modules/.bin/buf'),
      [
        'generate',
        '--config',
        JSON.stringify(config),
        '--template',
        JSON.stringify({ version: 'v2', plugins: [plugin] }),
      ],
      { cwd: join(root, 'proto'), stdio: 'inherit' },
    )
  }
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

function differences(expected, actual) {
  const names = new Set([...filesBelow(expected), ...filesBelow(actual)])
  const read = (folder, name) => {
    try {
      return readFileSync(join(folder, name), 'utf8')
    } catch {
      return undefined
    }
  }
  return [...names].filter((name) => read(expected, name) !== read(actual, name))
}

const fresh = mkdtempSync(join(tmpdir(), 'openshell-ts-generate-'))
try {
  generateInto(fresh)
  if (process.argv.includes('--check')) {
    const stale = differences(fresh, committed)
    if (stale.length > 0) {
      console.error(
        `Generated code differs from proto/: ${stale.join(', ')}. Run "npm run generate" and commit the result.`,
      )
      process.exitCode = 1
    }
  } else {
    rmSync(committed, { recursive: true, force: true })
    cpSync(fresh, committed, { recursive: true })
  }
} finally {
  rmSync(fresh, { recursive: true, force: true })
}
