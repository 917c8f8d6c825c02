import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const rootManifest: { packageManager: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Packs every public package as it would be published; gives the archive's path for each package's name. */
export async function packPackages(destination: string): Promise<ReadonlyMap<string, string>> {
  await pnpm(root, ['--recursive', '--filter', '!*examples', 'pack', '--pack-destination', destination])
  const archives = new Map<string, string>()
  for (const file of readdirSync(destination)) {
    const [, name] = /^openshell-ts-(.+)-\d+\.\d+\.\d+\.tgz$/.exec(file) ?? []
    if (name !== undefined) archives.set(`@openshell-ts/${name}`, join(destination, file))
  }
  return archives
}

/**
 * Runs the project's pnpm. Its installations are strict: a package sees only what it declares, so that a dependency which is
 * used and not declared shows.
 */
export async function pnpm(folder: string, args: readonly string[]): Promise<void> {
  try {
    await run('npx', ['--yes', rootManifest.packageManager, ...args], { cwd: folder })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`"pnpm ${args.join(' ')}" failed in ${folder}:\n${stdout}\n${stderr}`)
  }
}
