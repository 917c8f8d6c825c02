import { join } from 'node:path'
import { startDevGateway } from '@openshell-ts/dev-gateway'
import { serveDriver } from '@openshell-ts/driver-kit'
import { OpenShellClient, type Sandbox, type SandboxCreateSpec } from '@openshell-ts/sdk'
import { findFreePort } from '../src/demo/free-port.js'
import { localProcessDriver } from '../src/local-process/local-process-driver.js'
import { createTemporaryFolder } from './temporary-folder.js'

/** A gateway with the driver local-process, and a client of it. Only the sandboxes are processes of their own. */
export interface World extends AsyncDisposable {
  readonly client: OpenShellClient
  /** Creates a sandbox with this block, whose main process waits, and resolves when it is ready. */
  readonly create: (block?: object, spec?: SandboxCreateSpec) => Promise<Sandbox>
  /** The folder that the driver keeps for a sandbox. */
  readonly folderOf: (sandbox: Sandbox) => string
}

/** Starts a world. `supervisorCommand` replaces the supervisor that sandboxes run. */
export async function startWorld(supervisorCommand?: string): Promise<World> {
  const cleanUp = new AsyncCleanUp()
  const folder = cleanUp.use(createTemporaryFolder())
  const socketPath = join(folder.path, 'driver.sock')
  // So long that the folder of a sandbox in it leaves no room for the path of a socket.
  const stateDirectory = join(folder.path, 'state'.padEnd(60, '-'))
  const port = await findFreePort()
  const settings = { openshellEndpoint: `http://127.0.0.1:${port}`, supervisorCommand }
  cleanUp.use(await serveDriver(localProcessDriver, { socketPath, stateDirectory, settings }))
  const gateway = cleanUp.use(await startDevGateway({ drivers: [{ name: 'local-process', socketPath }], port }))
  const client = cleanUp.use(await OpenShellClient.connect({ endpoint: gateway.endpoint }))
  return {
    client,
    create: (block = {}, spec = {}) =>
      client.sandboxes.create({
        command: ['tail', '-f', '/dev/null'],
        driverConfig: { 'local-process': block as never },
        ...spec,
      }),
    folderOf: (sandbox) => join(stateDirectory, 'sandboxes', sandbox.id, 'files'),
    [Symbol.asyncDispose]: () => cleanUp[Symbol.asyncDispose](),
  }
}

/** Disposes of what it was given, the last one first. */
class AsyncCleanUp implements AsyncDisposable {
  readonly #resources: AsyncDisposable[] = []

  use<T extends AsyncDisposable>(resource: T): T {
    this.#resources.unshift(resource)
    return resource
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const resource of this.#resources) await resource[Symbol.asyncDispose]()
  }
}
