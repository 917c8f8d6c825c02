import type { MessageInitShape } from '@bufbuild/protobuf'
import { durationMs } from '@bufbuild/protobuf/wkt'
import type { GrpcCallOptions, GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import {
  ConfigurationAdmissionState,
  type GetSandboxConfigResponse,
  type OpenShell,
  type ProviderReadinessObservationSchema,
} from '@openshell-ts/protocol/v0-1'
import { type LogStream, laterLogStream } from './log-stream.js'

/** How a call names the sandbox: by name or id, and in its workspace when that is known. */
export interface LaterReference {
  readonly name: string
  readonly workspace?: string | undefined
}

/** A supervisor's word about its providers. */
export type ReadinessObservation = MessageInitShape<typeof ProviderReadinessObservationSchema>

/** The calls that only a gateway of line 0.1 understands. All reject with the gateway's status. */
export class LaterGateway {
  readonly #client: GrpcServiceClient<typeof OpenShell>
  readonly #callOptions: (timeoutMs?: number) => GrpcCallOptions

  /** `callOptions` gives what each call carries, with a deadline when a time is named. */
  constructor(client: GrpcServiceClient<typeof OpenShell>, callOptions: (timeoutMs?: number) => GrpcCallOptions) {
    this.#client = client
    this.#callOptions = callOptions
  }

  /** Tells that the clients of the main process have what it said. */
  async finalizeMainProcessExit(sandboxId: string, instanceId: string, timeoutMs: number): Promise<void> {
    await this.#client.unary('finalizeMainProcessExit', { sandboxId, instanceId }, this.#callOptions(timeoutMs))
  }

  /** Opens the stream of log lines. */
  pushSandboxLogs(): LogStream {
    return laterLogStream(this.#client.clientStream('pushSandboxLogs', this.#callOptions()))
  }

  /** Reads the sandbox's configuration. */
  getSandboxConfig({ name, workspace }: LaterReference, timeoutMs: number): Promise<GetSandboxConfigResponse> {
    const workspaceScope = { selection: { case: 'workspace', value: workspace ?? '' } } as const
    const request = { name, ...(workspace && { workspaceScope }) }
    return this.#client.unary('getSandboxConfig', request, this.#callOptions(timeoutMs))
  }

  /** Tells that this configuration is accepted. */
  async acceptConfiguration(
    sandboxId: string,
    instanceId: string,
    config: GetSandboxConfigResponse,
    timeoutMs: number,
  ): Promise<void> {
    const admission = {
      instanceId,
      state: ConfigurationAdmissionState.ACCEPTED,
      policyVersion: config.version,
      policyHash: config.policyHash,
      configRevision: config.configRevision,
      providerEnvRevision: config.providerEnvRevision,
    }
    await this.#client.unary('reportSandboxConfiguration', { sandboxId, admission }, this.#callOptions(timeoutMs))
  }

  /** Tells what is installed of the providers. Resolves to when the gateway wants to hear it again, in milliseconds. */
  async reportProviderReadiness(
    sandboxId: string,
    observation: ReadinessObservation,
    timeoutMs: number,
  ): Promise<number> {
    const request = { sandboxId, observation }
    const { reportInterval } = await this.#client.unary(
      'reportProviderReadiness',
      request,
      this.#callOptions(timeoutMs),
    )
    return reportInterval ? durationMs(reportInterval) : 0
  }

  /** Closes its connection. */
  close(): void {
    this.#client.close()
  }
}
