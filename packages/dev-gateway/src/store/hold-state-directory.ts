import { acquireDirectoryLock, type DirectoryLock, DirectoryLockError } from '@openshell-ts/protocol/unix-sockets'
import { GatewayStartError } from '../errors/gateway-start-error.js'
import { makeOwnFolder } from '../files/own-folder.js'

/**
 * Takes a state directory for one gateway alone; it is created when it is missing. What a killed gateway left holds nobody up.
 *
 * @throws GatewayStartError when another gateway has it, with that one's process id, and when it cannot be used.
 */
export async function holdStateDirectory(directory: string): Promise<DirectoryLock> {
  makeOwnFolder(directory)
  try {
    return await acquireDirectoryLock(directory)
  } catch (cause) {
    if (!(cause instanceof DirectoryLockError)) throw cause
    const held = cause.code === 'held'
    const advice = `${held ? 'Stop it, or name' : 'Name'} another folder with --state-dir (stateDirectory).`
    throw new GatewayStartError(held ? 'execution' : 'configuration', `${cause.message} ${advice}`, { cause })
  }
}
