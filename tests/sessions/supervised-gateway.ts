import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChannelCredentials, credentials } from '@grpc/grpc-js'
import { type DevGateway, type DevGatewayOptions, startDevGateway } from '@openshell-ts/dev-gateway'
import { type GatewayTlsFiles, type Supervisor, supervise } from '@openshell-ts/dev-supervisor'
import { defineDriver, defineDriverConfig, serveDriver } from '@openshell-ts/driver-kit'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import { Type } from 'typebox'

/** Where the sandbox is: not `default`, which hides what is left out. */
export const WORKSPACE = 'team-a'

/** A gateway, and one sandbox that a dev-supervisor in this process serves. */
export interface SupervisedGateway extends AsyncDisposable {
  readonly gateway: DevGateway
  readonly client: GrpcServiceClient<typeof OpenShell>
  readonly sandboxId: string
  readonly supervisor: Supervisor
  /** The folder of the sandbox's processes. */
  readonly workdir: string
}

const config = defineDriverConfig('in-process', { domain: 'in-process.example' })
  .version(1, Type.Object({}), {
    examples: { minimal: {}, full: {}, invalid: [{ value: 1, code: 'CONFIG_NOT_OBJECT', path: 'driver_config' }] },
  })
  .build()

/** Starts all of it; the sandbox is ready when it resolves. */
export async function startSupervisedGateway(
  options: Pick<DevGatewayOptions, 'timings' | 'tls'> = {},
): Promise<SupervisedGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'ses-'))
  const tokens: string[] = []
  const driver = defineDriver({
    name: 'in-process',
    version: '1.0.0',
    config,
    async create({ tokenFile }) {
      tokens.push(tokenFile ?? '')
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
  const gateway = await startDevGateway({ drivers: [{ name: 'in-process', socketPath }], ...options })
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, channelCredentials(gateway))
  await client.unary('createWorkspace', { name: WORKSPACE })
  const { sandbox } = await client.unary('createSandbox', { workspace: WORKSPACE, name: 'box', spec: {} })
  const sandboxId = sandbox?.metadata?.id ?? ''
  const supervisor = await supervise({
    endpoint: gateway.endpoint,
    sandboxId,
    token: { tokenFile: tokens[0] ?? '' },
    tls: tlsFiles(gateway),
    mainProcess: { command: ['sleep', 'infinity'], tty: false },
    workdir: folder,
  })
  await ready(client, sandboxId)
  return {
    gateway,
    client,
    sandboxId,
    supervisor,
    workdir: folder,
    async [Symbol.asyncDispose]() {
      client.close()
      await supervisor.stop({ graceMs: 0 })
      await gateway.close()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function channelCredentials({ tls }: DevGateway): ChannelCredentials {
  if (!tls) return credentials.createInsecure()
  return credentials.createSsl(Buffer.from(tls.ca), Buffer.from(tls.key), Buffer.from(tls.cert))
}

function tlsFiles({ tlsDirectory }: DevGateway): GatewayTlsFiles | undefined {
  if (tlsDirectory === undefined) return undefined
  const file = (name: string) => join(tlsDirectory, name)
  return { caFile: file('ca.crt'), certificateFile: file('tls.crt'), keyFile: file('tls.key') }
}

async function ready(client: GrpcServiceClient<typeof OpenShell>, id: string): Promise<void> {
  for await (const _event of client.serverStream('watchSandbox', { id, followStatus: true, stopOnTerminal: true })) {
    // The stream ends when the sandbox is ready.
  }
}
