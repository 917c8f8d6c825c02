import { posix } from 'node:path'
import { FileError } from './file-error.js'
import type { FileStore } from './file-store.js'
import { isInside } from './remote-path.js'

/**
 * The absolute path that is meant. Throws kind `permission-denied`, with the path behind all links, when that lies outside the
 * sandbox's working directory and `allowOutside` is not set.
 */
export async function findPlace(store: FileStore, path: string, allowOutside: boolean): Promise<string> {
  const workdir = await store.realPath('.')
  const absolute = posix.resolve(workdir, path)
  if (allowOutside) return absolute
  const real = await realPathOfAncestor(store, absolute)
  if (isInside(workdir, real)) return absolute
  throw new FileError({
    kind: 'permission-denied',
    path,
    reason: 'OUTSIDE_WORKING_DIRECTORY',
    message: `${JSON.stringify(path)} is ${JSON.stringify(real)}, which lies outside the working directory ${JSON.stringify(workdir)}.`,
    hint: 'Set allowOutside: true if you mean it.',
  })
}

// What does not exist yet lies where its folder lies.
async function realPathOfAncestor(store: FileStore, path: string): Promise<string> {
  if (path === '/' || (await store.linkStat(path))) return store.realPath(path)
  return posix.join(await realPathOfAncestor(store, posix.dirname(path)), posix.basename(path))
}
