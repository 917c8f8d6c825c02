import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** How a folder is made. */
export interface MakeFolderOptions {
  /** Mode of each folder that is made, before the umask. @default 0o777 */
  readonly mode?: number
}

/**
 * Creates a folder with those above it, unless it is there. A link to a folder counts as one.
 *
 * Step by step: Node's own way to create all at once never returns where the system has nothing to create, as below /proc.
 *
 * @throws Error with the system's code where it cannot be made; `ENOTDIR` when something else is in its place.
 */
export async function makeFolder(path: string, { mode = 0o777 }: MakeFolderOptions = {}): Promise<void> {
  if (await isFolder(path)) return
  await makeFolder(dirname(resolve(path)), { mode })
  try {
    await mkdir(path, { mode })
  } catch (error) {
    // Another process may have been faster.
    if (!(await isFolder(path))) throw error
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
  throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
