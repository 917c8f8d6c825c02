import { once } from 'node:events'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { type ClientDuplexStream, Metadata } from '@grpc/grpc-js'
import {
  type GatewayMessage,
  type ProviderMutationReceipt,
  type ProviderReadinessObservationSchema,
  type ReportEndpointStatusRequestSchema,
  type ReportProviderReadinessRequestSchema,
  type Sandbox,
  type SupervisorMessage,
  SupervisorMessageSchema,
} from '@openshell-ts/protocol/v0-1'
import type { LaterSetup } from './later-setup.js'

/** A supervisor of line 0.1 that a test lets report on providers and endpoints. */
export class ReportingSupervisor implements AsyncDisposable {
  readonly sandboxId: string
  readonly sessionId: string
  readonly #setup: LaterSetup
  readonly #metadata: Metadata
  readonly #stream: ClientDuplexStream<SupervisorMessage, GatewayMessage>
  #sequence = 0n

  private constructor(
    setup: LaterSetup,
    sandboxId: string,
    metadata: Metadata,
    stream: ClientDuplexStream<SupervisorMessage, GatewayMessage>,
    sessionId: string,
  ) {
    this.#setup = setup
    this.sandboxId = sandboxId
    this.#metadata = metadata
    this.#stream = stream
    this.sessionId = sessionId
  }

  /** Connects to a sandbox, and says whether it will report on providers. */
  static async connect(
    setup: LaterSetup,
    sandbox: Sandbox,
    { supportsProviderReadiness = true } = {},
  ): Promise<ReportingSupervisor> {
    const sandboxId = sandbox.metadata?.id ?? ''
    const metadata = new Metadata()
    metadata.set('authorization', `Bearer ${setup.token(sandboxId)}`)
    const stream = setup.client.bidiStream('connectSupervisor', { metadata })
    const hello = { sandboxId, instanceId: 'instance-1', supportsProviderReadiness }
    stream.write(create(SupervisorMessageSchema, { payload: { case: 'hello', value: hello } }))
    const [{ payload }] = (await once(stream, 'data')) as [GatewayMessage]
    if (payload.case !== 'sessionAccepted') throw new Error('The session was not accepted first.')
    stream.resume()
    return new ReportingSupervisor(setup, sandboxId, metadata, stream, payload.value.sessionId)
  }

  /** Reports that what a receipt wants is there, but for what `changed` says. */
  async report(
    { desired }: ProviderMutationReceipt,
    changed: MessageInitShape<typeof ProviderReadinessObservationSchema> = {},
  ) {
    this.#sequence += 1n
    const observation = {
      sessionId: this.sessionId,
      sequence: this.#sequence,
      attachmentEpoch: desired?.attachmentEpoch ?? '',
      providerEnvRevision: desired?.providerEnvRevision ?? 0n,
      configRevision: desired?.configRevision ?? 0n,
      policyHash: desired?.policyHash ?? '',
      credentialsInstalled: true,
      policyActive: true,
      launchEnvironmentInstalled: true,
      ...changed,
    }
    return await this.reportReadiness({ observation })
  }

  /** Reports on providers in so many words. */
  async reportReadiness(report: MessageInitShape<typeof ReportProviderReadinessRequestSchema>) {
    const request = { sandboxId: this.sandboxId, ...report } as typeof report
    return await this.#setup.client.unary('reportProviderReadiness', request, { metadata: this.#metadata })
  }

  /** Reports how requests to endpoints went. */
  async reportEndpoints(report: MessageInitShape<typeof ReportEndpointStatusRequestSchema>): Promise<void> {
    const request = { sandboxId: this.sandboxId, supervisorSessionId: this.sessionId, ...report }
    await this.#setup.client.unary('reportEndpointStatus', request as typeof report, { metadata: this.#metadata })
  }

  /** What the attached providers bring. */
  async environment(request: object = {}) {
    const full = { sandboxId: this.sandboxId, ...request }
    return await this.#setup.client.unary('getSandboxProviderEnvironment', full, { metadata: this.#metadata })
  }

  /** Ends the session, and resolves when the gateway knows. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stream.destroyed || this.#stream.readableEnded) return
    this.#stream.on('error', () => undefined)
    const ended = once(this.#stream, 'end')
    this.#stream.end()
    await ended
  }
}
