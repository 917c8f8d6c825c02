import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { packPackages, pnpm } from './packed-packages.js'

const run = promisify(execFile)
const projects = fileURLToPath(new URL('projects', import.meta.url))

/** What a project of a user has beside our packages. */
const otherDependencies = {
  '@sinclair/typebox': '0.34.52',
  '@types/node': '20.19.43',
  esbuild: '0.27.7',
  typebox: '1.4.3',
  typescript: '5.9.3',
}

/** A folder outside the repository with the packed packages installed and the projects of users beside them. */
export interface ConsumerFolder extends Disposable {
  readonly path: string
}

/** Packs, installs, and copies the projects. */
export async function createConsumerFolder(): Promise<ConsumerFolder> {
  const path = mkdtempSync(join(tmpdir(), 'openshell-ts-consumer-'))
  const folder = { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
  try {
    const archives = join(path, 'archives')
    mkdirSync(archives)
    const packed = Object.fromEntries(
      [...(await packPackages(archives))].map(([name, archive]) => [name, `file:${archive}`]),
    )
    const manifest = { private: true, dependencies: { ...packed, ...otherDependencies }, pnpm: { overrides: packed } }
    writeFileSync(join(path, 'package.json'), JSON.stringify(manifest))
    await pnpm(path, ['install', '--prefer-offline', '--ignore-scripts', '--no-lockfile'])
    cpSync(projects, path, { recursive: true })
    return folder
  } catch (error) {
    folder[Symbol.dispose]()
    throw error
  }
}

/** What a program printed and how it ended. */
export interface ProgramResult {
  readonly exitCode: number
  readonly output: string
}

/** Runs a program of a project in its folder. */
export async function runProgram(folder: string, program: string, args: readonly string[]): Promise<ProgramResult> {
  const env = { ...process.env, NODE_OPTIONS: '', NODE_ENV: '' }
  try {
    const { stdout, stderr } = await run(program, args, { cwd: folder, env, timeout: 240_000 })
    return { exitCode: 0, output: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout: string; stderr: string }
    return { exitCode: typeof code === 'number' ? code : -1, output: stdout + stderr }
  }
}
