import { existsSync } from 'node:fs'
import { isRunning, type ProcessIdentity } from '../local-process/process-table.js'
import { listSandboxFoldersInUse } from '../local-process/sandbox-processes.js'
import { acceptsConnections, type ListenAddress } from './until-listening.js'

/** What a run of the demo made, and must not leave behind. */
export interface DemoTraces {
  /** The processes that the demo started itself. */
  readonly processes: readonly { readonly name: string; readonly identity: ProcessIdentity }[]
  /** The folder with everything that was written. */
  readonly folder: string
  readonly addresses: readonly ListenAddress[]
}

/** Looks for what is left of a run and says it in words, one line each. Empty when nothing is. */
export async function findLeftovers({ processes, folder, addresses }: DemoTraces): Promise<string[]> {
  const listening = await Promise.all(addresses.map(acceptsConnections))
  return [
    ...processes
      .filter(({ identity }) => isRunning(identity))
      .map(({ name, identity }) => `the ${name} still runs as process ${identity.pid}`),
    ...listSandboxFoldersInUse(folder).map((path) => `the sandbox in ${path} still runs`),
    ...addresses
      .filter((_, index) => listening[index])
      .map((address) => `something still listens at ${inWords(address)}`),
    ...(existsSync(folder) ? [`the folder ${folder} still exists`] : []),
  ]
}

function inWords(address: ListenAddress): string {
  return 'path' in address ? address.path : `${address.host}:${address.port}`
}
