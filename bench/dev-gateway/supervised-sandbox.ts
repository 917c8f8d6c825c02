import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { credentials } from '@grpc/grpc-js'
import { createSimulatedDriver, startDevGateway } from '@openshell-ts/dev-gateway'
import { supervise } from '@openshell-ts/dev-supervisor'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell } from '@openshell-ts/protocol/v0-0'

/** One sandbox under a gateway, all in this process. */
export interface SupervisedSandbox extends AsyncDisposable {
  /** Runs a command; resolves to how many bytes of output came back. */
  exec(command: readonly string[]): Promise<number>
}

/** Starts a gateway whose sandboxes are supervisors in this process; the sandbox is ready when it resolves. */
export async function startSupervisedSandbox(): Promise<SupervisedSandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  const driver = createSimulatedDriver({
    startSandbox: ({ endpoint, sandboxId, token }) =>
      supervise({
        endpoint,
        sandboxId,
        token: { token },
        mainProcess: { command: ['sleep', 'infinity'], tty: false },
        workdir: folder,
        stopGraceMs: 0,
      }),
  })
  const gateway = await startDevGateway({ drivers: [driver] })
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure())
  const { sandbox } = await client.unary('createSandbox', { name: 'box', spec: {} })
  const sandboxId = sandbox?.metadata?.id ?? ''
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
      await gateway.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
