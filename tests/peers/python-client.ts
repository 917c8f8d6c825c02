import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cache = fileURLToPath(new URL('../../node_modules/.cache/openshell-ts/peers', import.meta.url))
const installTimeoutMs = 300_000

/** A client that can be run, or why there is none on this machine. */
export type PythonClient =
  | { readonly type: 'ready'; readonly python: string; readonly binaries: string }
  | { readonly type: 'missing'; readonly reason: string }

/**
 * Installs a client and its dependencies into a virtual environment of its own, which is kept for the next time.
 *
 * Never rejects: a machine without Python, `venv` or `pip`, or without a way to the registry, has no client.
 */
export async function installPythonClient(requirementsFile: string): Promise<PythonClient> {
  const requirements = readFileSync(requirementsFile, 'utf8')
  const name = createHash('sha256').update(requirements).digest('hex').slice(0, 12)
  const folder = join(cache, name)
  const binaries = join(folder, 'bin')
  const ready: PythonClient = { type: 'ready', python: join(binaries, 'python'), binaries }
  const stamp = join(folder, 'complete')
  if (existsSync(stamp)) return ready
  try {
    await run('python3', ['--version'])
  } catch {
    return { type: 'missing', reason: 'python3 is not installed' }
  }
  try {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(cache, { recursive: true })
    await run('python3', ['-m', 'venv', folder])
    const install = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--requirement',
      requirementsFile,
    ]
    await run(ready.python, install, { timeout: installTimeoutMs })
    writeFileSync(stamp, '')
    return ready
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    return { type: 'missing', reason: `python3 cannot make a virtual environment with the client: ${lastLine(error)}` }
  }
}

function lastLine(error: unknown): string {
  const { stderr = '', stdout = '', message = '' } = error as { stderr?: string; stdout?: string; message?: string }
  return (stderr || stdout || message).trim().split('\n').at(-1) ?? ''
}
