import { credentials, Metadata } from '@grpc/grpc-js'
import { createSimulatedDriver, type SimulatedDriver, type SimulatedSandbox } from '@openshell-ts/dev-gateway'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell as OpenShell00, PolicyStatus } from '@openshell-ts/protocol/v0-0'
import { OpenShell as OpenShell01 } from '@openshell-ts/protocol/v0-1'
import type { Sandbox, WireLine } from '../src/index.js'

/** A rule to propose. */
export interface Proposal {
  readonly ruleName: string
  readonly host: string
}

interface Calls {
  readonly v00: GrpcServiceClient<typeof OpenShell00>
  readonly v01: GrpcServiceClient<typeof OpenShell01>
  readonly metadata: Metadata
}

/** Says to a gateway what supervisors of its sandboxes would say, and runs nothing. */
export class SilentSupervisors {
  /** What the gateway is started with. */
  readonly driver: SimulatedDriver
  readonly #sandboxes = new Map<string, PromiseWithResolver<SimulatedSandbox>>()

  constructor() {
    this.driver = createSimulatedDriver({
      startSandbox: (sandbox) => {
        this.#sandbox(sandbox.name).resolve(sandbox)
        return { [Symbol.asyncDispose]: async () => undefined }
      },
    })
  }

  /** Reports that a sandbox has taken a policy, or why it could not. */
  async reportPolicy({ id, name }: Sandbox, version: number, loadError = ''): Promise<void> {
    const status = loadError === '' ? PolicyStatus.LOADED : PolicyStatus.FAILED
    const request = { sandboxId: id, version, status, loadError }
    // Both lines write this report alike.
    await this.#call(name, ({ v00, metadata }) => v00.unary('reportPolicyStatus', request, { metadata }))
  }

  /** Proposes rules, and returns the ids of the proposals. */
  async propose(line: WireLine, sandbox: Sandbox, proposals: readonly Proposal[]): Promise<readonly string[]> {
    const { name, workspace } = sandbox
    const proposedChunks = proposals.map(({ ruleName, host }) => ({
      ruleName,
      confidence: 0.5,
      rationale: `Needs ${host}.`,
      proposedRule: { endpoints: [{ host, port: 443 }], binaries: [{ path: `/usr/bin/${ruleName}` }] },
    }))
    const request = { name, proposedChunks, analysisMode: 'agent_authored' }
    const scope = { workspaceScope: { selection: { case: 'workspace', value: workspace } } } as const
    const { acceptedChunkIds } = await this.#call(name, ({ v00, v01, metadata }) =>
      line === '0.0'
        ? v00.unary('submitPolicyAnalysis', { ...request, workspace }, { metadata })
        : v01.unary('submitPolicyAnalysis', { ...request, ...scope }, { metadata }),
    )
    return acceptedChunkIds
  }

  async #call<T>(name: string, send: (calls: Calls) => Promise<T>): Promise<T> {
    const { endpoint, token } = await this.#sandbox(name).promise
    const { host } = new URL(endpoint)
    const metadata = new Metadata()
    metadata.set('authorization', `Bearer ${token}`)
    const v00 = new GrpcServiceClient(OpenShell00, host, credentials.createInsecure())
    const v01 = new GrpcServiceClient(OpenShell01, host, credentials.createInsecure())
    try {
      return await send({ v00, v01, metadata })
    } finally {
      v00.close()
      v01.close()
    }
  }

  #sandbox(name: string): PromiseWithResolver<SimulatedSandbox> {
    const made = this.#sandboxes.get(name) ?? withResolver<SimulatedSandbox>()
    this.#sandboxes.set(name, made)
    return made
  }
}

interface PromiseWithResolver<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
}

function withResolver<T>(): PromiseWithResolver<T> {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((take) => {
    resolve = take
  })
  return { promise, resolve }
}
