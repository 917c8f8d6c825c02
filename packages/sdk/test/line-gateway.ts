import { type DevGateway, type DevGatewayOptions, startDevGateway } from '@openshell-ts/dev-gateway'
import { type ConnectOptions, OpenShellClient, type WireLine } from '../src/index.js'

/** The lines that every test of a noun runs on. */
export const LINES = ['0.0', '0.1'] as const satisfies readonly WireLine[]

/** The workspace of the tests: not `default`, which hides what is left out. */
export const WORKSPACE = 'team-a'

/** A gateway of one line with simulated sandboxes, and a client. */
export interface LineGateway extends AsyncDisposable {
  readonly line: WireLine
  readonly gateway: DevGateway
  readonly client: OpenShellClient
}

/** Starts a gateway of a line in this process and connects to it. Disposing leaves nothing behind. */
export async function startLineGateway(
  line: WireLine,
  options: { readonly gateway?: DevGatewayOptions; readonly connect?: Partial<ConnectOptions> } = {},
): Promise<LineGateway> {
  const gateway = await startDevGateway({ line, ...options.gateway })
  const { endpoint } = gateway
  const client = await OpenShellClient.connect({ endpoint, workspace: WORKSPACE, ...options.connect })
  await client.workspaces.create(WORKSPACE)
  return {
    line,
    gateway,
    client,
    async [Symbol.asyncDispose]() {
      await client.close()
      await gateway.close()
    },
  }
}
