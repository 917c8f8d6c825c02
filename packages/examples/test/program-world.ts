import { join } from 'node:path'
import { OpenShellClient } from '@openshell-ts/sdk'
import { findFreePort } from '../src/demo/free-port.js'
import { listSandboxFoldersInUse } from '../src/local-process/sandbox-processes.js'
import { type Program, startDriver, startGateway } from './program.js'
import { createTemporaryFolder } from './temporary-folder.js'

/** Gateway and driver as processes of their own, as a user starts them. */
export interface ProgramWorld extends AsyncDisposable {
  readonly gatewayUrl: string
  readonly gateway: Program
  /** Names of the sandboxes that the gateway knows. */
  readonly sandboxNames: () => Promise<string[]>
  /** Folders of the sandboxes that have a process. */
  readonly sandboxFoldersInUse: () => string[]
}

/** Starts both; `gatewayFlags` are added to the gateway's command line. */
export async function startPrograms(...gatewayFlags: string[]): Promise<ProgramWorld> {
  const folder = createTemporaryFolder()
  const socket = join(folder.path, 'driver.sock')
  const port = await findFreePort()
  const gatewayUrl = `http://127.0.0.1:${port}`
  const driver = startDriver(
    'serve',
    ...['--bind-socket', socket],
    ...['--state-dir', join(folder.path, 'state')],
    ...['--openshell-endpoint', gatewayUrl],
  )
  const gateway = startGateway(socket, '--port', String(port), ...gatewayFlags)
  await gateway.says(gatewayUrl)
  return {
    gatewayUrl,
    gateway,
    async sandboxNames() {
      await using client = await OpenShellClient.connect({ endpoint: gatewayUrl })
      return (await client.sandboxes.list().toArray()).map(({ name }) => name)
    },
    sandboxFoldersInUse: () => listSandboxFoldersInUse(folder.path),
    async [Symbol.asyncDispose]() {
      for (const resource of [gateway, driver, folder]) await resource[Symbol.asyncDispose]()
    },
  }
}
