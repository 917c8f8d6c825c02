import { readFile } from 'node:fs/promises'
import { type ConfigLock, ConfigLockError, readConfigLock } from '@openshell-ts/driver-config/compatibility'
import { CouldNotCheckError } from './config-file/could-not-check-error.js'

/**
 * Reads a lock file; `undefined` when there is none.
 *
 * @throws CouldNotCheckError that names the file and everything that is wrong with it.
 */
export async function readLockFile(path: string): Promise<ConfigLock | undefined> {
  const text = await readText(path)
  if (text === undefined) return undefined
  try {
    return readConfigLock(text)
  } catch (cause) {
    if (!(cause instanceof ConfigLockError)) throw cause
    const problems = cause.problems.map(({ message, fix }) => `  ${message} ${fix}`)
    throw new CouldNotCheckError([`${path} cannot be used:`, ...problems].join('\n'), { cause })
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    if (code === 'ENOENT') return undefined
    throw new CouldNotCheckError(`${path} cannot be read (${code}); name another file.`, { cause })
  }
}
