import { finished } from 'node:stream/promises'
import type { MessageInitShape } from '@bufbuild/protobuf'
import { type ClientReadableStream, credentials, type ServiceError } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import {
  type CreateSandboxRequestSchema,
  type ExecSandboxEvent,
  OpenShell,
  type Sandbox,
  SandboxPhase,
} from '@openshell-ts/protocol/v0-0'
import type { ExecSandboxEvent as LaterExecSandboxEvent } from '@openshell-ts/protocol/v0-1'
import { type DevGateway, type DevGatewayOptions, startDevGateway } from '../src/index.js'
import { ScriptedDriver } from './scripted-driver.js'
import { TestSupervisor } from './test-supervisor.js'

type CreateInit = MessageInitShape<typeof CreateSandboxRequestSchema>

/** A gateway, its scripted driver and a client, for one test. */
export class Setup implements AsyncDisposable {
  readonly driver: ScriptedDriver
  readonly gateway: DevGateway
  readonly client: GrpcServiceClient<typeof OpenShell>

  private constructor(driver: ScriptedDriver, gateway: DevGateway) {
    this.driver = driver
    this.gateway = gateway
    this.client = this.connect()
  }

  /** Opens another connection to the gateway. */
  connect(): GrpcServiceClient<typeof OpenShell> {
    return new GrpcServiceClient(OpenShell, `127.0.0.1:${this.gateway.port}`, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
    })
  }

  /** Starts all three; `driver` may be one that runs already. */
  static async start(options: Partial<DevGatewayOptions> & { driver?: ScriptedDriver } = {}): Promise<Setup> {
    const { driver: given, ...gatewayOptions } = options
    const driver = given ?? (await ScriptedDriver.start())
    const gateway = await startDevGateway({
      drivers: [{ name: 'acme', socketPath: driver.socketPath }],
      ...gatewayOptions,
    })
    return new Setup(driver, gateway)
  }

  /** Creates a sandbox. */
  async create(request: CreateInit = {}): Promise<Sandbox> {
    const { sandbox } = await this.client.unary('createSandbox', { name: 'box', spec: {}, ...request } as CreateInit)
    if (!sandbox) throw new Error('The gateway answered without a sandbox.')
    return sandbox
  }

  /** Reads a sandbox. */
  async get(name = 'box'): Promise<Sandbox> {
    const { sandbox } = await this.client.unary('getSandbox', { name })
    if (!sandbox) throw new Error('The gateway answered without a sandbox.')
    return sandbox
  }

  /** The token that the driver was given for a sandbox. */
  token(id: string): string {
    const call = this.driver.callsOf('createSandbox').find(({ request }) => request.sandbox?.id === id)
    return call?.request.sandbox?.spec?.sandboxToken ?? ''
  }

  /** Connects a supervisor to a sandbox. */
  async supervise(sandbox: Sandbox): Promise<TestSupervisor> {
    const id = sandbox.metadata?.id ?? ''
    const supervisor = new TestSupervisor(this.gateway.endpoint, this.token(id))
    await supervisor.connect(id)
    return supervisor
  }

  /** Resolves when the sandbox is in this phase, by following it. */
  async reaches(id: string, phase: SandboxPhase): Promise<Sandbox> {
    const stream = this.client.serverStream('watchSandbox', { id, followStatus: true })
    try {
      for await (const event of stream) {
        if (event.payload.case === 'sandbox' && event.payload.value.status?.phase === phase) return event.payload.value
      }
    } finally {
      stream.on('error', () => undefined)
      stream.cancel()
    }
    throw new Error(`The watch ended before the phase ${SandboxPhase[phase]}.`)
  }

  /** Resolves when the sandbox is gone. */
  async removed(id: string): Promise<void> {
    const stream = this.client.serverStream('watchSandbox', { id, followStatus: true })
    await finished(stream.resume()).catch(() => undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close()
    await this.gateway.close()
    await this.driver[Symbol.asyncDispose]()
  }
}

/** Runs a call that must fail, and returns its error. */
export async function failure(call: Promise<unknown>): Promise<ServiceError> {
  try {
    await call
  } catch (error) {
    return error as ServiceError
  }
  throw new Error('The call succeeded, but it should have failed.')
}

/** What an exec stream said, put together. */
export interface ExecResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | undefined
}

/** Reads an exec stream of either line to its end. */
export async function execResult(
  stream: ClientReadableStream<ExecSandboxEvent> | ClientReadableStream<LaterExecSandboxEvent>,
): Promise<ExecResult> {
  let stdout = ''
  let stderr = ''
  let exitCode: number | undefined
  for await (const { payload } of stream) {
    if (payload.case === 'stdout') stdout += Buffer.from(payload.value.data).toString()
    else if (payload.case === 'stderr') stderr += Buffer.from(payload.value.data).toString()
    else if (payload.case === 'exit') exitCode = payload.value.exitCode
  }
  return { stdout, stderr, exitCode }
}
