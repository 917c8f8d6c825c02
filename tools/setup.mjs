// Installs and builds only what has changed since the last time, so that a second command starts at once.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(root, 'node_modules/.cache/openshell-ts')
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

// The packages of a floor import those of the floors before it only, so they are built side by side.
const floors = [['protocol', 'driver-config'], ['dev-supervisor', 'driver-kit', 'sdk', 'dev-gateway'], ['examples']]

/** Installs the packages of the lock file when they are missing or stale. */
export async function installPackages() {
  const manifests = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']
  const wanted = digest([
    ...manifests,
    ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/package.json`),
  ])
  if (read('installed') === wanted) return
  console.log(`Installing packages with ${packageManager} …`)
  await run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'])
  write('installed', wanted)
}

/** Builds the packages whose sources, or whose imported packages, have changed. */
export async function buildPackages({ always = false } = {}) {
  const shared = ['tsconfig.base.json', 'tools/tsup-package.ts', 'pnpm-lock.yaml']
  let below = digest(shared)
  for (const floor of floors) {
    const wanted = floor.map((name) => [name, digest(sourcesOf(name), below)])
    await Promise.all(
      wanted
        .filter(([name, stamp]) => always || !isBuilt(name) || read(`built-${name}`) !== stamp)
        .map(([name, stamp]) => buildPackage(name, stamp)),
    )
    below = digest([], wanted.join())
  }
}

function isBuilt(name) {
  return existsSync(join(root, 'packages', name, 'dist'))
}

function sourcesOf(name) {
  const folder = `packages/${name}`
  const settings = ['package.json', 'tsup.config.ts', 'tsconfig.build.json'].map((file) => `${folder}/${file}`)
  return [...filesBelow(`${folder}/src`), ...settings]
}

async function buildPackage(name, stamp) {
  console.log(`Building ${name} …`)
  await run(join(root, 'node_modules/.bin/tsup'), ['--silent'], join(root, 'packages', name))
  write(`built-${name}`, stamp)
}

async function run(program, args, cwd = root) {
  const child = spawn(program, args, { cwd, stdio: 'inherit' })
  const reason = await once(child, 'close').then(
    ([status, signal]) => (status === 0 ? undefined : (signal ?? `exit code ${status}`)),
    (error) => error.message,
  )
  if (reason === undefined) return
  console.error(`"${[program, ...args].join(' ')}" failed: ${reason}.`)
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
