import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { credentials, Server, ServerCredentials } from '@grpc/grpc-js'
import { type GrpcHandlers, GrpcServiceClient, toGrpcServiceDefinition } from '../src/grpc/index.js'
import { OpenShell } from '../src/v0-0.js'

/** The handlers that a test needs; every other method answers UNIMPLEMENTED. */
export type OpenShellHandlers = Partial<GrpcHandlers<typeof OpenShell>>

/** A real server and a client connected to it. */
export interface OpenShellPair extends AsyncDisposable {
  readonly client: GrpcServiceClient<typeof OpenShell>
  readonly address: string
}

/** Serves the handlers on a Unix socket or on loopback TCP, and opens a client; disposing ends both. */
export async function openShellPair(
  handlers: OpenShellHandlers,
  transport: 'unix' | 'tcp' = 'unix',
): Promise<OpenShellPair> {
  const folder = await mkdtemp(join(tmpdir(), 'grpc-'))
  const server = new Server()
  server.addService(toGrpcServiceDefinition(OpenShell), handlers)
  const socket = `unix:${join(folder, 's')}`
  const port = await listen(server, transport === 'unix' ? socket : '127.0.0.1:0')
  const address = transport === 'unix' ? socket : `127.0.0.1:${port}`
  const client = new GrpcServiceClient(OpenShell, address, credentials.createInsecure())
  return {
    client,
    address,
    async [Symbol.asyncDispose]() {
      client.close()
      server.forceShutdown()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function listen(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    )
  })
}
