import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { credentials } from '@grpc/grpc-js'
import { type DevGateway, startDevGateway } from '@openshell-ts/dev-gateway'
import { type Supervisor, supervise } from '@openshell-ts/dev-supervisor'
import { type DriverConfig, defineDriver, type Sandbox, type SandboxState, serveDriver } from '@openshell-ts/driver-kit'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import { type ConnectOptions, OpenShellClient } from '../src/index.js'

/** The workspace of the stack's client: not `default`, which hides what is left out. */
export const WORKSPACE = 'team-a'

// Gateway and driver of line 0.1 have to agree on what clients may send; line 0.0 lets them send everything.
const OPEN_ADMISSION = JSON.stringify({ allow_driver_config: true, resource_admission: { enabled: false } })

/** What the stack is started with. */
export interface DevStackOptions {
  /** The config of the driver `acme`; it takes nothing when absent. */
  readonly config?: DriverConfig<unknown>
  /** Runs before a sandbox is brought up; a state that it returns stands, and nothing is brought up. */
  readonly onCreate?: (sandbox: Sandbox) => SandboxState | undefined
  readonly connect?: Partial<ConnectOptions>
  /** The line of the wire that everything speaks. @default '0.0' */
  readonly line?: '0.0' | '0.1'
}

/** A gateway, a driver whose sandboxes are plain processes, and a client. */
export interface DevStack extends AsyncDisposable {
  readonly client: OpenShellClient
  readonly gateway: DevGateway
  /** The supervisors that run, by the sandbox's name. */
  readonly supervisors: ReadonlyMap<string, Supervisor>
}

/** Starts everything in this process, over real sockets. Disposing leaves nothing behind. */
export async function startDevStack(options: DevStackOptions = {}): Promise<DevStack> {
  await using cleanUp = new CleanUp()
  const folder = await mkdtemp(join(tmpdir(), 'sdk-'))
  cleanUp.add(() => rm(folder, { recursive: true, force: true }))
  const supervisors = new Map<string, Supervisor>()
  const socketPath = join(folder, 'd.sock')
  let endpoint = ''
  const { line = '0.0' } = options
  const driver = await serveDriver(
    processDriver(options, supervisors, () => endpoint),
    {
      socketPath,
      stateDirectory: join(folder, 'state'),
      ...(line === '0.1' ? { admissionConfigJson: OPEN_ADMISSION } : {}),
    },
  )
  cleanUp.add(() => driver.close())
  const gateway = await startDevGateway({
    drivers: [{ name: 'acme', socketPath }],
    line,
    ...(line === '0.1' ? { admission: { allowDriverConfig: true, requireLabels: false } } : {}),
  })
  cleanUp.add(() => gateway.close())
  endpoint = gateway.endpoint
  cleanUp.add(async () => {
    await Promise.all([...supervisors.values()].map((supervisor) => supervisor.stop({ graceMs: 0 })))
  })
  await createWorkspace(gateway.port)
  const client = await OpenShellClient.connect({ endpoint, workspace: WORKSPACE, ...options.connect })
  cleanUp.add(() => client.close())
  const dispose = cleanUp.release()
  return { client, gateway, supervisors, [Symbol.asyncDispose]: dispose }
}

function processDriver(options: DevStackOptions, supervisors: Map<string, Supervisor>, endpoint: () => string) {
  const start = async (sandbox: Sandbox) => {
    const [program = 'true', ...rest] = sandbox.command
    if (sandbox.tokenFile === undefined) throw new Error('The gateway issued no token.')
    const supervisor = await supervise({
      endpoint: endpoint(),
      sandboxId: sandbox.id,
      token: { tokenFile: sandbox.tokenFile },
      mainProcess: { command: [program, ...rest], tty: sandbox.tty },
      userEnvironment: sandbox.environment,
      workdir: sandbox.directory,
    })
    supervisors.set(sandbox.name, supervisor)
  }
  const stop = async ({ name }: Sandbox) => {
    await supervisors.get(name)?.stop({ graceMs: 0 })
    supervisors.delete(name)
  }
  return defineDriver({
    name: 'acme',
    version: '1.4.0',
    ...(options.config ? { config: options.config } : {}),
    async create(sandbox, context) {
      context.progress.start('starting_sandbox', 'one of one')
      const state = options.onCreate?.(sandbox)
      if (state) return state
      await start(sandbox)
      context.progress.complete('starting_sandbox', 'Sandbox started')
      return undefined
    },
    start,
    stop,
    delete: stop,
    list: async () => [],
  })
}

async function createWorkspace(port: number): Promise<void> {
  const service = new GrpcServiceClient(OpenShell, `127.0.0.1:${port}`, credentials.createInsecure())
  // Both lines write this request alike.
  await service.unary('createWorkspace', { name: WORKSPACE }).finally(() => service.close())
}

/** Runs what was added, last first; at once when its scope is left before `release`. */
class CleanUp implements AsyncDisposable {
  #steps: (() => Promise<void>)[] = []

  add(step: () => Promise<void>): void {
    this.#steps.push(step)
  }

  /** Hands the steps over. */
  release(): () => Promise<void> {
    const released = new CleanUp()
    released.#steps = this.#steps
    this.#steps = []
    return () => released[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) await step()
  }
}
