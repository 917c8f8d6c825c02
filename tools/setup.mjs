// Installs and builds only what has changed since the last time, so that a second command starts at once.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(root, 'node_modules/.cache/openshell-ts')
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

// Each package comes after those that it imports.
const buildOrder = ['protocol', 'driver-config', 'dev-supervisor', 'driver-kit', 'sdk', 'dev-gateway', 'examples']

/** Installs the packages of the lock file when they are missing or stale. */
export function installPackages() {
  const manifests = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']
  const wanted = digest([
    ...manifests,
    ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/package.json`),
  ])
  if (read('installed') === wanted) return
  console.log(`Installing packages with ${packageManager} …`)
  run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'])
  write('installed', wanted)
}

/** Builds the packages whose sources, or whose imported packages, have changed. */
export function buildPackages({ always = false } = {}) {
  const shared = ['tsconfig.base.json', 'tools/tsup-package.ts', 'pnpm-lock.yaml']
  let below = digest(shared)
  for (const name of buildOrder) {
    const folder = `packages/${name}`
    const own = [
      ...filesBelow(`${folder}/src`),
      `${folder}/package.json`,
      `${folder}/tsup.config.ts`,
      `${folder}/tsconfig.build.json`,
    ]
    const wanted = digest(own, below)
    below = wanted
    const built = existsSync(join(root, folder, 'dist'))
    if (!always && built && read(`built-${name}`) === wanted) continue
    console.log(`Building ${name} …`)
    run(join(root, 'node_modules/.bin/tsup'), ['--silent'], join(root, folder))
    write(`built-${name}`, wanted)
  }
}

function run(program, args, cwd = root) {
  const { status, error, signal } = spawnSync(program, args, { cwd, stdio: 'inherit' })
  if (status === 0) return
  console.error(`"${[program, ...args].join(' ')}" failed: ${error?.message ?? signal ?? `exit code ${status}`}.`)
  process.exit(1)
}

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test(-d)?\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort()
}

function digest(files, salt = '') {
  const hash = createHash('sha256').update(salt)
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex')
}

function read(stamp) {
  const file = join(cache, stamp)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function write(stamp, text) {
  mkdirSync(dirname(join(cache, stamp)), { recursive: true })
  writeFileSync(join(cache, stamp), text)
}
