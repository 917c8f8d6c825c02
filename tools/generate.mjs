// Generates packages/protocol/src/gen from proto/. Works offline: buf and the plugin come from node_modules.
// With --check it writes nothing and fails when a byte differs from what is there. --out FOLDER names another place,
// --only rpc (or another output folder) does a part.
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readOptions, refuse } from './read-options.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
// The superset compute contract takes its policy message from line 0.1, so the two share one output folder.
const outputs = {
  'v0-0': ['v0-0'],
  'v0-1': ['v0-1', 'compute'],
  health: ['health'],
  rpc: ['rpc'],
}

const HELP = `npm run generate [-- options]: generates packages/protocol/src/gen from proto/.

  --check        write nothing, and end with code 1 when a file differs from what proto/ gives
  --out DIR      another folder than packages/protocol/src/gen
  --only FOLDER  only this part: ${Object.keys(outputs).join(', ')}
  --help         print this

Examples
  npm run generate
  npm run generate -- --check
  npm run generate -- --only rpc
`

const options = readOptions(
  {
    check: { type: 'boolean', default: false },
    out: { type: 'string', default: join(root, 'packages/protocol/src/gen') },
    only: { type: 'string' },
  },
  HELP,
)
if (options.only !== undefined && !Object.hasOwn(outputs, options.only)) {
  refuse(`--only must be one of ${Object.keys(outputs).join(', ')}`)
}

/** Runs buf once for each output folder below `target`. */
async function generateInto(target) {
  const buf = join(root, 'node_modules/.bin/buf')
  const folders = Object.entries(outputs).filter(([folder]) => options.only === undefined || options.only === folder)
  const runs = folders.map(([folder, modules]) => {
    const config = { version: 'v2', modules: modules.map((path) => ({ path })) }
    const plugin = {
      local: join(root, 'node_modules/.bin/protoc-gen-es'),
      out: join(target, folder),
      opt: ['target=js+dts', 'import_extension=js'],
    }
    const template = { version: 'v2', plugins: [plugin] }
    const parameters = ['generate', '--config', JSON.stringify(config), '--template', JSON.stringify(template)]
    return promisify(execFile)(buf, parameters, { cwd: join(root, 'proto') })
  })
  await Promise.all(runs)
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Chosen files below either folder that the other lacks or holds with other bytes. */
function differingFiles(left, right) {
  const names = [...new Set([...filesBelow(left), ...filesBelow(right)])].sort()
  const chosen = names.filter((name) => options.only === undefined || name.startsWith(`${options.only}/`))
  return chosen.filter((name) => readOrNothing(join(left, name)) !== readOrNothing(join(right, name)))
}

// Only what differs is touched: somebody may be reading the rest.
function copyFiles(names, from, to) {
  for (const name of names) {
    rmSync(join(to, name), { force: true })
    if (readOrNothing(join(from, name)) === undefined) continue
    mkdirSync(dirname(join(to, name)), { recursive: true })
    copyFileSync(join(from, name), join(to, name))
  }
}

const fresh = mkdtempSync(join(tmpdir(), 'openshell-ts-generate-'))
try {
  await generateInto(fresh)
  mkdirSync(options.out, { recursive: true })
  const stale = differingFiles(fresh, options.out)
  if (!options.check) copyFiles(stale, fresh, options.out)
  else if (stale.length > 0) {
    const hint = 'Run "npm run generate" and commit the result.'
    console.error(`Generated code differs from proto/: ${stale.join(', ')}. ${hint}`)
    process.exitCode = 1
  }
} catch (error) {
  // buf writes its complaint, with file and line, to its error output.
  console.error(error.stderr || error)
  process.exitCode = 1
} finally {
  rmSync(fresh, { recursive: true, force: true })
}
