import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { credentials } from '@grpc/grpc-js'
import { startDevGateway } from '@openshell-ts/dev-gateway'
import { supervise } from '@openshell-ts/dev-supervisor'
import { defineDriver, defineDriverConfig, serveDriver } from '@openshell-ts/driver-kit'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import { Type } from 'typebox'

/** One sandbox under a gateway, all in this process. */
export interface SupervisedSandbox extends AsyncDisposable {
  /** Runs a command; resolves to how many bytes of output came back. */
  exec(command: readonly string[]): Promise<number>
}

const config = defineDriverConfig('bench', { domain: 'bench.example' })
  .version(1, Type.Object({}), {
    examples: { minimal: {}, full: {}, invalid: [{ value: 1, code: 'CONFIG_NOT_OBJECT', path: 'driver_config' }] },
  })
  .build()

/** Starts a gateway, a driver that does nothing, and a supervisor; the sandbox is ready when it resolves. */
export async function startSupervisedSandbox(): Promise<SupervisedSandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  let tokenFile = ''
  const driver = defineDriver({
    name: 'bench',
    version: '1.0.0',
    config,
    async create(sandbox) {
      tokenFile = sandbox.tokenFile ?? ''
    },
    async start() {},
    async stop() {},
    async delete() {},
    async list({ sandboxes }) {
      return sandboxes.map(({ id }) => ({ id, state: { type: 'running' } }))
    },
  })
  const socketPath = join(folder, 'driver.sock')
  const server = await serveDriver(driver, { socketPath, stateDirectory: join(folder, 'state') })
  const gateway = await startDevGateway({ drivers: [{ name: 'bench', socketPath }] })
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure())
  const { sandbox } = await client.unary('createSandbox', { name: 'box', spec: {} })
  const sandboxId = sandbox?.metadata?.id ?? ''
  const supervisor = await supervise({
    endpoint: gateway.endpoint,
    sandboxId,
    token: { tokenFile },
    mainProcess: { command: ['sleep', 'infinity'], tty: false },
    workdir: folder,
  })
  const watch = client.serverStream('watchSandbox', { id: sandboxId, followStatus: true, stopOnTerminal: true })
  for await (const _event of watch);
  return {
    async exec(command) {
      let bytes = 0
      for await (const { payload } of client.serverStream('execSandbox', { sandboxId, command: [...command] })) {
        if (payload.case === 'stdout') bytes += payload.value.data.length
        if (payload.case === 'exit' && payload.value.exitCode !== 0) {
          throw new Error(`The command ended with code ${payload.value.exitCode}.`)
        }
      }
      return bytes
    },
    async [Symbol.asyncDispose]() {
      client.close()
      await supervisor.stop({ graceMs: 0 })
      await gateway.close()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
