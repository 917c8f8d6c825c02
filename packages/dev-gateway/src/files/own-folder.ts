import { accessSync, constants, lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { GatewayStartError } from '../errors/gateway-start-error.js'

const reasons: Readonly<Record<string, string>> = {
  ENOTDIR: 'it, or what it stands in, is no folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'its file system is read-only',
  ENOENT: 'no folder can be created there',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'it is a link to itself',
}

/**
 * Creates a folder that only its owner can read, with those above it, unless it is there; it can be written afterwards.
 *
 * @throws GatewayStartError that names the folder and what is wrong with it.
 */
export function makeOwnFolder(path: string): void {
  try {
    make(resolve(path))
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    const reason = cause instanceof UnusableFolder ? cause.message : (reasons[code] ?? `the system says ${code}`)
    throw new GatewayStartError(
      'configuration',
      `The folder ${path} cannot be used: ${reason}. Name one that can be created and written.`,
      { cause },
    )
  }
}

class UnusableFolder extends Error {}

// Step by step: Node's own way to create all at once never returns where the system has nothing to create, as below /proc.
function make(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) return
  if (found) throw new UnusableFolder(`${path} is no folder`)
  if (lstatSync(path, { throwIfNoEntry: false })) throw new UnusableFolder(`${path} is a link to nothing`)
  make(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have been faster.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}
