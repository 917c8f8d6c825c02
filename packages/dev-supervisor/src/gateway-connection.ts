import type { ClientHttp2Stream } from 'node:http2'
import type { MessageShape } from '@bufbuild/protobuf'
import type { ClientDuplexStream, ClientOptions } from '@grpc/grpc-js'
import { type GrpcCallOptions, GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import {
  type GatewayMessageSchema,
  type GetSandboxConfigResponse,
  OpenShell,
  PolicyStatus,
  type SupervisorMessageSchema,
} from '@openshell-ts/protocol/v0-0'
import { OpenShell as LaterOpenShell } from '@openshell-ts/protocol/v0-1'
import type { GatewayEndpoint } from './gateway-endpoint.js'
import type { GatewayLine } from './gateway-line.js'
import { LaterGateway } from './later-gateway.js'
import { type LogStream, logStream } from './log-stream.js'
import { type ProviderAnswer, toProviderAnswer } from './provider-answer.js'
import { RelayConnection } from './relay-connection.js'
import type { SandboxToken } from './sandbox-token.js'

/** The supervisor's stream of the session. */
export type SessionCall = ClientDuplexStream<
  MessageShape<typeof SupervisorMessageSchema>,
  MessageShape<typeof GatewayMessageSchema>
>

const CONFIG_TIMEOUT_MS = 10_000

/**
 * The supervisor's way to the gateway: one HTTP/2 connection for the session, and one for its relays once there are some.
 *
 * It counts its users, because a relay outlives the session that opened it: the connection closes when the last one releases.
 */
export class GatewayConnection {
  readonly #client: GrpcServiceClient<typeof OpenShell>
  readonly #endpoint: GatewayEndpoint
  readonly #options: Partial<ClientOptions>
  readonly #token: SandboxToken
  readonly #relays: RelayConnection
  #later: LaterGateway | undefined
  #users = 1

  /** Connects with the first call. The caller is the first user. */
  constructor(endpoint: GatewayEndpoint, token: SandboxToken) {
    this.#endpoint = endpoint
    this.#token = token
    this.#relays = new RelayConnection(endpoint, token)
    this.#options = {
      'grpc.keepalive_time_ms': 10_000,
      'grpc.keepalive_timeout_ms': 20_000,
      'grpc.keepalive_permit_without_calls': 1,
      // Each attempt is a connection of its own, and the session's backoff is the only one.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
      'grpc.service_config_disable_resolution': 1,
      // The gateway is reached directly, whatever `http_proxy` says.
      'grpc.enable_http_proxy': 0,
      ...(endpoint.serverName === undefined
        ? {}
        : { 'grpc.ssl_target_name_override': endpoint.serverName, 'grpc.default_authority': endpoint.serverName }),
    }
    this.#client = new GrpcServiceClient(OpenShell, endpoint.target, endpoint.credentials, this.#options)
  }

  /** The calls for a gateway of line 0.1. */
  get later(): LaterGateway {
    if (this.#later) return this.#later
    const { target, credentials } = this.#endpoint
    const client = new GrpcServiceClient(LaterOpenShell, target, credentials, this.#options)
    this.#later = new LaterGateway(client, (timeoutMs) => this.#callOptions(timeoutMs))
    return this.#later
  }

  /** Opens the session's stream. */
  connectSupervisor(): SessionCall {
    return this.#client.bidiStream('connectSupervisor', { metadata: this.#token.metadata() })
  }

  /** Opens the stream of a relay. */
  relayStream(): ClientHttp2Stream {
    return this.#relays.open()
  }

  /** Reports the exit of the main process. Rejects with the gateway's status. */
  async reportMainProcessExit(report: {
    readonly sandboxId: string
    readonly instanceId: string
    readonly exitCode: number
    readonly timeoutMs: number
  }): Promise<void> {
    const { timeoutMs, ...request } = report
    await this.#client.unary('reportMainProcessExit', request, this.#callOptions(timeoutMs))
  }

  /** Asks for the first token, as one that shows a credential of its own. Rejects with the gateway's status. */
  async issueSandboxToken(timeoutMs: number): Promise<string> {
    const { token } = await this.#client.unary('issueSandboxToken', {}, this.#callOptions(timeoutMs))
    return token
  }

  /** Asks for a token with a later expiry. Rejects with the gateway's status. */
  async refreshSandboxToken(timeoutMs: number): Promise<string> {
    const { token } = await this.#client.unary('refreshSandboxToken', {}, this.#callOptions(timeoutMs))
    return token
  }

  /** Opens the stream of log lines. */
  pushSandboxLogs(line: GatewayLine): LogStream {
    if (line === '0.1') return this.later.pushSandboxLogs()
    return logStream(this.#client.clientStream('pushSandboxLogs', this.#callOptions()))
  }

  /** Reads the sandbox's configuration. Rejects with the gateway's status. */
  getSandboxConfig(sandboxId: string): Promise<GetSandboxConfigResponse> {
    return this.#client.unary('getSandboxConfig', { sandboxId }, this.#callOptions(CONFIG_TIMEOUT_MS))
  }

  /** Reads what the attached providers bring, from a gateway of either line. Rejects with the gateway's status. */
  async getProviderEnvironment(sandboxId: string, timeoutMs: number): Promise<ProviderAnswer> {
    const request = { sandboxId, supportsStaticCredentialBindings: true }
    const options = this.#callOptions(timeoutMs)
    return toProviderAnswer(await this.#client.unary('getSandboxProviderEnvironment', request, options))
  }

  /** Says that a revision of the sandbox's policy is in use. Rejects with the gateway's status. */
  async reportPolicyLoaded(sandboxId: string, version: number): Promise<void> {
    const report = { sandboxId, version, status: PolicyStatus.LOADED }
    await this.#client.unary('reportPolicyStatus', report, this.#callOptions(CONFIG_TIMEOUT_MS))
  }

  /** Connects now. Rejects when there is no connection after that time. */
  ready(timeoutMs: number): Promise<void> {
    return this.#client.waitForReady(new Date(Date.now() + timeoutMs))
  }

  /** Keeps the connection open for one more user. */
  retain(): void {
    this.#users += 1
  }

  /** Gives a use back; the last one closes the connection, in the next turn of the event loop. */
  release(): void {
    this.#users -= 1
    if (this.#users > 0) return
    // It may be given back while a frame is being read, at the end of a stream. Calls that are open then must not be cancelled at
    // once: Node 20 falls into an endless loop when a stream is reset within that (github.com/nodejs/node/issues/52952).
    setImmediate(() => {
      this.#client.close()
      this.#later?.close()
      this.#relays.close()
    })
  }

  #callOptions(timeoutMs?: number): GrpcCallOptions {
    const deadline = timeoutMs === undefined ? {} : { deadline: new Date(Date.now() + timeoutMs) }
    return { metadata: this.#token.metadata(), ...deadline }
  }
}
