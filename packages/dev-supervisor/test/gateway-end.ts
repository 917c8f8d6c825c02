import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { Duplex } from 'node:stream'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import { toGrpcServiceDefinition } from '@openshell-ts/protocol/grpc'
import {
  GatewayMessageSchema,
  type GetSandboxConfigResponse,
  GetSandboxConfigResponseSchema,
  type GetSandboxProviderEnvironmentResponse,
  GetSandboxProviderEnvironmentResponseSchema,
  OpenShell,
  PolicySource,
  type PushSandboxLogsRequest,
  type PushSandboxLogsResponse,
  PushSandboxLogsResponseSchema,
  type RefreshSandboxTokenResponse,
  RefreshSandboxTokenResponseSchema,
  type RelayFrame,
  RelayFrameSchema,
  type RelayOpenResult,
  type RelayOpenSchema,
  type ReportMainProcessExitRequest,
  ReportMainProcessExitResponseSchema,
  type ReportPolicyStatusRequest,
  type ReportPolicyStatusResponse,
  ReportPolicyStatusResponseSchema,
  type SupervisorMessage,
} from '@openshell-ts/protocol/v0-0'
import { Client, type ConnectConfig } from 'ssh2'
import { SshEnd } from './ssh-end.js'

type SessionStream = ServerDuplexStream<SupervisorMessage, ReturnType<typeof gatewayMessage>>
type LogStream = ServerReadableStream<PushSandboxLogsRequest, PushSandboxLogsResponse>
type RelayServerStream = ServerDuplexStream<RelayFrame, RelayFrame>
type RelayTarget = MessageInitShape<typeof RelayOpenSchema>['target']

/** One session as the gateway sees it. */
export interface GatewaySession {
  readonly stream: SessionStream
  readonly instanceId: string
  readonly authorization: string
  readonly messages: SupervisorMessage[]
}

/** The gateway's end of supervisor sessions and relays, as little of it as tests of a supervisor need. */
export class GatewayEnd {
  readonly events = new EventEmitter()
  readonly sessions: GatewaySession[] = []
  readonly exitReports: ReportMainProcessExitRequest[] = []
  readonly authorizations: string[] = []
  /** Codes that the next exit reports are refused with. */
  readonly refuseReports: status[] = []
  /** What happens between hello and session_accepted. */
  beforeAccept: (session: GatewaySession) => void = () => {}
  /** What `RefreshSandboxToken` answers. */
  nextToken = ''
  /** What happens to the next sessions instead of accepting them. */
  readonly refuseSessions: ((stream: SessionStream) => void)[] = []
  /** Frames that the supervisor sends in all relays: their sizes. */
  readonly frameBytes: number[] = []
  /** The revision of the policy that `GetSandboxConfig` answers with. */
  policyVersion = 0
  /** What `GetSandboxProviderEnvironment` answers, or the code that it fails with. */
  providerVariables: Readonly<Record<string, string>> | status = status.UNIMPLEMENTED
  /** The revision that `GetSandboxConfig` and `GetSandboxProviderEnvironment` tell. */
  providerRevision = 0n
  /** Whether `GetSandboxConfig` is left without an answer. */
  holdConfig = false
  readonly policyReports: ReportPolicyStatusRequest[] = []
  readonly logBatches: PushSandboxLogsRequest[] = []
  readonly #server = new Server({ 'grpc.keepalive_permit_without_calls': 1 })
  readonly #relays = new Map<string, (relay: RelayServerStream) => void>()
  #port = 0

  /** Listens on a loopback port; a free one for 0. */
  async listen(port = 0): Promise<void> {
    this.#server.addService(toGrpcServiceDefinition(OpenShell), {
      connectSupervisor: (stream: SessionStream) => this.#acceptSession(stream),
      relayStream: (stream: RelayServerStream) => this.#acceptRelay(stream),
      reportMainProcessExit: this.#acceptReport,
      refreshSandboxToken: this.#renewToken,
      getSandboxConfig: this.#answerConfig,
      getSandboxProviderEnvironment: this.#answerProviders,
      reportPolicyStatus: this.#acceptPolicyStatus,
      pushSandboxLogs: (stream: LogStream, callback: sendUnaryData<PushSandboxLogsResponse>) =>
        this.#acceptLogs(stream, callback),
    })
    this.#port = await new Promise((resolve, reject) => {
      this.#server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      )
    })
  }

  get port(): number {
    return this.#port
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** The session with that number; waits for it. */
  async session(number = 1): Promise<GatewaySession> {
    for (;;) {
      const session = this.sessions[number - 1]
      if (session) return session
      await once(this.events, 'session')
    }
  }

  /** Asks for a relay; resolves to the supervisor's answer. */
  async askRelay(target: RelayTarget, channelId: string = randomUUID()): Promise<RelayOpenResult> {
    const { stream } = await this.session(this.sessions.length || 1)
    const answer = this.relayResult(channelId)
    const value = { channelId, ...(target ? { target } : {}) }
    stream.write(gatewayMessage({ case: 'relayOpen', value }))
    return answer
  }

  /** The supervisor's next answer for that channel. */
  async relayResult(channelId: string): Promise<RelayOpenResult> {
    const [result] = await once(this.events, `result:${channelId}`)
    return result as RelayOpenResult
  }

  /** Opens a relay; resolves to its bytes once the supervisor has claimed it. */
  async openRelay(target: RelayTarget): Promise<Duplex> {
    const channelId = randomUUID()
    const claimed = new Promise<RelayServerStream>((resolve) => this.#relays.set(channelId, resolve))
    const result = await this.askRelay(target, channelId)
    if (!result.success) throw new Error(result.error)
    return this.#relayBytes(await claimed)
  }

  /** Waits until that many exit reports have come. */
  async reports(count: number): Promise<void> {
    while (this.exitReports.length < count) await once(this.events, 'report')
  }

  /** An SSH connection over a relay, as user `sandbox` without a credential unless the options say otherwise. */
  async openSsh(
    options: Pick<ConnectConfig, 'authHandler' | 'privateKey' | 'password'> = { authHandler: ['none'] },
  ): Promise<SshEnd> {
    const sock = await this.openRelay({ case: 'ssh', value: {} })
    const client = new Client()
    client.connect({ sock, username: 'sandbox', hostVerifier: () => true, ...options })
    await once(client, 'ready')
    return new SshEnd(client, sock)
  }

  async close(): Promise<void> {
    this.#server.forceShutdown()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #acceptSession(stream: SessionStream): void {
    stream.on('error', () => {})
    stream.once('data', (first: SupervisorMessage) => {
      if (first.payload.case !== 'hello') throw new Error('the first message must be hello')
      if (this.refuseSessions.length > 0) {
        this.refuseSessions.shift()?.(stream)
        return
      }
      const session: GatewaySession = {
        stream,
        instanceId: first.payload.value.instanceId,
        authorization: authorizationOf(stream.metadata),
        messages: [first],
      }
      stream.on('data', (message: SupervisorMessage) => {
        session.messages.push(message)
        if (message.payload.case === 'relayOpenResult') {
          this.events.emit(`result:${message.payload.value.channelId}`, message.payload.value)
        }
      })
      this.beforeAccept(session)
      stream.write(
        gatewayMessage({ case: 'sessionAccepted', value: { sessionId: randomUUID(), heartbeatIntervalSecs: 15 } }),
      )
      this.sessions.push(session)
      this.events.emit('session')
    })
  }

  #acceptRelay(stream: RelayServerStream): void {
    this.authorizations.push(authorizationOf(stream.metadata))
    stream.once('data', ({ payload }: RelayFrame) => {
      if (payload.case !== 'init') throw new Error('the first frame must be init')
      stream.pause()
      this.#relays.get(payload.value.channelId)?.(stream)
    })
  }

  #relayBytes(stream: RelayServerStream): Duplex {
    // The empty frame sends the response headers; nothing may have come before them.
    stream.write(dataFrame(new Uint8Array()))
    const bytes = new Duplex({
      read: () => stream.resume(),
      write: (chunk: Uint8Array, _encoding, callback) => {
        if (stream.write(dataFrame(chunk))) callback()
        else stream.once('drain', () => callback())
      },
      final: (callback) => {
        stream.end()
        callback()
      },
    })
    stream.on('data', ({ payload }: RelayFrame) => {
      if (payload.case !== 'data') throw new Error('only data may follow init')
      this.frameBytes.push(payload.value.length)
      if (!bytes.push(payload.value)) stream.pause()
    })
    stream.on('end', () => bytes.push(null))
    stream.on('cancelled', () => bytes.destroy())
    return bytes
  }

  #answerConfig = (_call: unknown, callback: sendUnaryData<GetSandboxConfigResponse>): void => {
    this.events.emit('config')
    if (this.holdConfig) return
    const policy = { version: this.policyVersion, policySource: PolicySource.SANDBOX }
    callback(null, create(GetSandboxConfigResponseSchema, { ...policy, providerEnvRevision: this.providerRevision }))
  }

  #answerProviders = (_call: unknown, callback: sendUnaryData<GetSandboxProviderEnvironmentResponse>): void => {
    const environment = this.providerVariables
    if (typeof environment === 'number') {
      callback({ code: environment, details: 'refused by the test, which quotes hunter2' })
    } else {
      const answer = { environment: { ...environment }, providerEnvRevision: this.providerRevision }
      callback(null, create(GetSandboxProviderEnvironmentResponseSchema, answer))
    }
    this.events.emit('providers')
  }

  #acceptPolicyStatus = (
    call: { readonly request: ReportPolicyStatusRequest },
    callback: sendUnaryData<ReportPolicyStatusResponse>,
  ): void => {
    this.policyReports.push(call.request)
    callback(null, create(ReportPolicyStatusResponseSchema))
    this.events.emit('policy')
  }

  #acceptLogs(stream: LogStream, callback: sendUnaryData<PushSandboxLogsResponse>): void {
    stream.on('data', (batch: PushSandboxLogsRequest) => {
      this.logBatches.push(batch)
      this.events.emit('logs')
    })
    stream.on('end', () => callback(null, create(PushSandboxLogsResponseSchema)))
    stream.on('error', () => {})
  }

  #renewToken = (call: { readonly metadata: Metadata }, callback: sendUnaryData<RefreshSandboxTokenResponse>): void => {
    this.authorizations.push(authorizationOf(call.metadata))
    callback(null, create(RefreshSandboxTokenResponseSchema, { token: this.nextToken }))
    this.events.emit('renewal')
  }

  #acceptReport = (
    call: { readonly request: ReportMainProcessExitRequest },
    callback: sendUnaryData<ReturnType<typeof create<typeof ReportMainProcessExitResponseSchema>>>,
  ): void => {
    this.exitReports.push(call.request)
    const code = this.refuseReports.shift()
    if (code !== undefined) callback({ code, details: 'refused by the test' })
    else callback(null, create(ReportMainProcessExitResponseSchema))
    this.events.emit('report')
  }
}

/** A message of the gateway. */
export function gatewayMessage(payload: NonNullable<MessageInitShape<typeof GatewayMessageSchema>['payload']>) {
  return create(GatewayMessageSchema, { payload })
}

function dataFrame(value: Uint8Array): RelayFrame {
  return create(RelayFrameSchema, { payload: { case: 'data', value } })
}

function authorizationOf(metadata: Metadata): string {
  return String(metadata.get('authorization')[0] ?? '')
}
