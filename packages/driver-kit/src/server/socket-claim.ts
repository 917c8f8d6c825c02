import { randomBytes } from 'node:crypto'
import { chmod, link, lstat, rename, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { basename, dirname, join, resolve } from 'node:path'
import { makeFolder, socketPathLimit } from '@openshell-ts/protocol/unix-sockets'

/** A socket path that leads to this process. */
export interface SocketClaim {
  /** The absolute path. */
  readonly path: string
  /** Removes the path, unless it leads to another process by now. */
  release(): Promise<void>
}

/**
 * Makes a server reachable at a path that nobody else uses.
 *
 * The server listens under a temporary name first, so that the path appears only with mode 0600 and only when the server
 * is ready, and so that ending it cannot remove what a successor has put there. Trust is the file's permissions: Node has
 * no call that tells who connects.
 *
 * @param listen Makes the server listen on the path it is given.
 * @throws Error that names the path when it is too long, not in an own directory, not a socket, or answered by someone.
 */
export async function claimSocket(
  requestedPath: string,
  listen: (temporaryPath: string) => Promise<void>,
): Promise<SocketClaim> {
  checkSocketPath(requestedPath)
  const path = resolve(requestedPath)
  const temporary = join(dirname(path), `.${randomBytes(2).toString('hex')}`)
  checkSocketPath(path)
  checkSocketPath(temporary)
  await ownParent(dirname(path))
  await clearStale(path)
  await listen(temporary)
  try {
    await chmod(temporary, 0o600)
    // A link fails when the path exists, which a rename does not.
    await link(temporary, path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw inUse(path)
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
  const { ino, dev } = await lstat(path)
  return { path, release: () => removeOwn(path, { ino, dev }) }
}

function checkSocketPath(path: string): void {
  if (path === '') throw new Error('The driver socket path is empty; give a path such as /run/acme/compute.sock.')
  const bytes = Buffer.byteLength(path)
  if (bytes < socketPathLimit) return
  throw new Error(
    `The driver socket path "${path}" has ${bytes} bytes; this system allows at most ${socketPathLimit - 1}. Choose a shorter path.`,
  )
}

async function ownParent(parent: string): Promise<void> {
  await makeFolder(parent, { mode: 0o700 }).catch((cause: unknown) => {
    throw new Error(
      `The driver socket parent "${parent}" cannot be made (${codeOf(cause)}). Choose a path in a directory that can be made.`,
      { cause },
    )
  })
  const status = await lstat(parent)
  if (!status.isDirectory()) {
    throw new Error(`The driver socket parent "${parent}" must be a directory, not a symlink or a file.`)
  }
  const user = process.geteuid?.()
  if (user !== undefined && status.uid !== user) {
    throw new Error(`The driver socket parent "${parent}" is owned by uid ${status.uid}, expected ${user}.`)
  }
  if ((status.mode & 0o022) !== 0) {
    throw new Error(
      `The driver socket parent "${parent}" can be written by others. Use a directory of its own, or run: chmod 700 "${parent}"`,
    )
  }
}

async function clearStale(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (found === undefined) return
  const user = process.geteuid?.()
  if (!found.isSocket() || (user !== undefined && found.uid !== user)) {
    throw new Error(
      `The driver socket path "${path}" exists but is not an owned Unix socket. Remove it, or choose another path.`,
    )
  }
  if (await answers(path)) throw inUse(path)
  await removeStale(path, found)
}

/** Removes a socket that nobody answers, but never the one of a driver that has started in the meantime. */
async function removeStale(path: string, stale: { ino: number; dev: number }): Promise<void> {
  const aside = join(dirname(path), `.${basename(path).slice(0, 8)}.${randomBytes(4).toString('hex')}`)
  await rename(path, aside)
  const moved = await lstat(aside)
  if (moved.ino !== stale.ino || moved.dev !== stale.dev) {
    await link(aside, path).finally(() => rm(aside, { force: true }))
    throw inUse(path)
  }
  await rm(aside, { force: true })
}

function answers(path: string): Promise<boolean> {
  return new Promise((done, fail) => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') done(false)
      else fail(new Error(`The driver socket path "${path}" cannot be checked: ${error.message}`, { cause: error }))
    })
  })
}

async function removeOwn(path: string, { ino, dev }: { ino: number; dev: number }): Promise<void> {
  const status = await lstat(path).catch(() => undefined)
  if (status?.ino === ino && status.dev === dev) await rm(path, { force: true })
}

function inUse(path: string): Error {
  return new Error(`Another driver answers on the socket "${path}". Stop it, or choose another path.`)
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
