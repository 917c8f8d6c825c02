import type { MessageInitShape } from '@bufbuild/protobuf'
import { credentials, Metadata } from '@grpc/grpc-js'
import type { GetCapabilitiesResponse } from '@openshell-ts/protocol/compute'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import {
  ConfigurationAdmissionState,
  type CreateSandboxRequestSchema,
  OpenShell,
  type Sandbox,
  type SandboxPhase,
} from '@openshell-ts/protocol/v0-1'
import { type DevGateway, type DevGatewayOptions, startDevGateway } from '../src/index.js'
import { ScriptedDriver } from './scripted-driver.js'
import { TestSupervisor } from './test-supervisor.js'

type CreateInit = MessageInitShape<typeof CreateSandboxRequestSchema>
type CapabilitiesInit = Partial<Omit<GetCapabilitiesResponse, '$typeName' | 'extension' | 'resourceCapabilities'>> & {
  readonly extension?: object | undefined
  readonly resourceCapabilities?: object
}

/** The acknowledgement of a driver that was started without any admission setting. */
export const defaultAcknowledgement =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the canonical text of the contract.
  'v1:{"allow_driver_config":false,"resource_admission":{"enabled":true,"required_labels":{"openshell.ai/sandbox-attachable":"true","openshell.ai/sandbox-attachable-workspace":"${workspace}"}}}'

/** What a driver of line 0.1 says about itself. */
export function laterCapabilities(changed: CapabilitiesInit = {}): CapabilitiesInit {
  return {
    driverName: 'acme-driver',
    driverVersion: '1.2.3',
    defaultImage: 'acme/base:1',
    resourceAdmissionPolicy: defaultAcknowledgement,
    extension: {
      protocolVersion: { major: 1, minor: 3 },
      implementationName: 'acme/driver',
      implementationVersion: '1.2.3',
      supportedCapabilities: ['openshell.compute.contract'],
      requiredCapabilities: [],
    },
    ...changed,
  }
}

/** The workspace that tests work in. */
export const scope = { selection: { case: 'workspace', value: 'default' } } as const

/** A gateway of line 0.1, its scripted driver and a client, for one test. */
export class LaterSetup implements AsyncDisposable {
  readonly driver: ScriptedDriver
  readonly gateway: DevGateway
  readonly client: GrpcServiceClient<typeof OpenShell>

  private constructor(driver: ScriptedDriver, gateway: DevGateway) {
    this.driver = driver
    this.gateway = gateway
    this.client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    })
  }

  /** Starts all three; `capabilities` changes what the driver says about itself, `driver` may be one that runs already. */
  static async start(
    options: Partial<DevGatewayOptions> & { capabilities?: CapabilitiesInit; driver?: ScriptedDriver } = {},
  ): Promise<LaterSetup> {
    const { capabilities, driver: given, ...gatewayOptions } = options
    const driver = given ?? (await ScriptedDriver.start())
    driver.replies.getCapabilities = () => laterCapabilities(capabilities)
    try {
      const drivers = [{ name: 'acme', socketPath: driver.socketPath }]
      return new LaterSetup(driver, await startDevGateway({ line: '0.1', drivers, ...gatewayOptions }))
    } catch (error) {
      if (!given) await driver[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Creates a sandbox in `scope`. */
  async create(request: CreateInit = {}): Promise<Sandbox> {
    const create = { name: 'box', spec: {}, workspaceScope: scope, ...request } as CreateInit
    const { sandbox } = await this.client.unary('createSandbox', create)
    if (!sandbox) throw new Error('The gateway answered without a sandbox.')
    return sandbox
  }

  /** Reads a sandbox in `scope`. */
  async get(name = 'box'): Promise<Sandbox> {
    const { sandbox } = await this.client.unary('getSandbox', { name, workspaceScope: scope })
    if (!sandbox) throw new Error('The gateway answered without a sandbox.')
    return sandbox
  }

  /** The token that the driver was given for a sandbox. */
  token(id: string): string {
    const call = this.driver.callsOf('createSandbox').find(({ request }) => request.sandbox?.id === id)
    return call?.request.sandbox?.spec?.sandboxToken ?? ''
  }

  /** The options of a call that a sandbox's supervisor makes. */
  asSupervisor(sandbox: Sandbox): { readonly metadata: Metadata } {
    return this.asSupervisorOf(sandbox.metadata?.id ?? '')
  }

  /** The same by the sandbox's id. */
  asSupervisorOf(id: string): { readonly metadata: Metadata } {
    const metadata = new Metadata()
    metadata.set('authorization', `Bearer ${this.token(id)}`)
    return { metadata }
  }

  /** Connects a supervisor to a sandbox; it accepts the sandbox's configuration unless that is left to the test. */
  async supervise(sandbox: Sandbox, { accepts = true, instanceId = 'instance-1' } = {}): Promise<TestSupervisor> {
    const id = sandbox.metadata?.id ?? ''
    const supervisor = new TestSupervisor(this.gateway.endpoint, this.token(id))
    await supervisor.connect(id, instanceId)
    if (accepts) await this.reportConfiguration(sandbox, { instanceId })
    return supervisor
  }

  /** Says as a sandbox's supervisor that it accepts the configuration that holds; `changed` says something else. */
  async reportConfiguration(sandbox: Sandbox, changed: object = {}, expectedInstanceId = ''): Promise<void> {
    const options = this.asSupervisor(sandbox)
    const sandboxId = sandbox.metadata?.id ?? ''
    const config = await this.client.unary('getSandboxConfig', { name: sandboxId }, options)
    const admission = {
      instanceId: 'instance-1',
      state: ConfigurationAdmissionState.ACCEPTED,
      policyVersion: config.version,
      policyHash: config.policyHash,
      configRevision: config.configRevision,
      providerEnvRevision: config.providerEnvRevision,
      ...changed,
    }
    await this.client.unary('reportSandboxConfiguration', { sandboxId, admission, expectedInstanceId }, options)
  }

  /** Resolves when the sandbox is in this phase, by following it. */
  reaches(phase: SandboxPhase, name = 'box'): Promise<Sandbox> {
    return this.shows((sandbox) => sandbox.status?.phase === phase, name)
  }

  /** Resolves with the sandbox as soon as it is as wanted, by following it. */
  async shows(wanted: (sandbox: Sandbox) => boolean, name = 'box'): Promise<Sandbox> {
    const request = { sandbox: name, workspaceScope: scope, followStatus: true }
    const stream = this.client.serverStream('watchSandbox', request)
    try {
      for await (const { payload } of stream) {
        if (payload.case === 'sandbox' && wanted(payload.value)) return payload.value
      }
    } finally {
      stream.on('error', () => undefined)
      stream.cancel()
    }
    throw new Error('The watch ended before the sandbox was as wanted.')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close()
    await this.gateway.close()
    await this.driver[Symbol.asyncDispose]()
  }
}
