import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { ComputeDriver, type DriverSandbox } from '@openshell-ts/protocol/compute'
import type { ApiContext } from '../api/api-context.js'
import type { DriverClient } from '../driver/driver-client.js'
import { invalidArgument, StatusError, unimplemented } from '../errors/status-error.js'
import { checkBlock } from './check-block.js'
import { type DriverAnswers, simulatedCapabilities } from './simulated-answers.js'
import type { SimulatedDriver, SimulatedDriverOptions, SimulatedEvent } from './simulated-driver.js'
import { SimulatedSandboxes } from './simulated-sandboxes.js'
import type { SimulatedWatch } from './simulated-watch.js'

/** The driver behind `createSimulatedDriver`: what its owner holds, and what the gateway calls. */
export class SimulatedCompute implements SimulatedDriver, DriverClient {
  readonly name: string
  readonly #sandboxes: SimulatedSandboxes
  readonly #answers: DriverAnswers

  constructor(options: SimulatedDriverOptions) {
    this.name = options.name ?? 'simulated'
    this.#sandboxes = new SimulatedSandboxes(this.name, options.startSandbox)
    this.#answers = createAnswers(this.name, options, this.#sandboxes)
  }

  /** Gives the driver its gateway. Sandboxes that the gateway kept from an earlier run exist again. */
  attach(gateway: ApiContext): void {
    this.#sandboxes.attach(gateway)
  }

  call: DriverClient['call'] = async (name, request, { signal } = {}) => {
    if (signal?.aborted) throw new StatusError(status.CANCELLED, 'the call was cancelled')
    const { input, output } = ComputeDriver.method[name]
    const answer = this.#answers[name] as (message: unknown) => unknown
    const message = create(input as DescMessage, request as MessageInitShape<DescMessage>)
    // Made from the method's own output, which the compiler does not follow through a name that varies.
    return create(output as DescMessage, (await answer(message)) as MessageInitShape<DescMessage>) as never
  }

  watch(): SimulatedWatch {
    return this.#sandboxes.watch()
  }

  close(): Promise<void> {
    return this.#sandboxes.detach()
  }

  emitEvent(sandboxId: string, event: SimulatedEvent): void {
    this.#sandboxes.emitEvent(sandboxId, event)
  }

  exitMainProcess(sandboxId: string, exitCode: number): void {
    this.#sandboxes.exitMainProcess(sandboxId, exitCode)
  }

  failSandbox(sandboxId: string, reason: string, message: string): void {
    this.#sandboxes.fail(sandboxId, reason, message)
  }
}

function createAnswers(
  name: string,
  { config, defaultImage = 'simulated' }: SimulatedDriverOptions,
  sandboxes: SimulatedSandboxes,
): DriverAnswers {
  const capabilities = simulatedCapabilities(name, defaultImage)
  const check = async (sandbox: DriverSandbox | undefined) => {
    if (!sandbox) throw invalidArgument('sandbox is required')
    if (config) await checkBlock(config, sandbox)
    return sandbox
  }
  const identity = (sandboxId: string) => ({ runtimeIdentity: `${name}://${sandboxId}` })
  return {
    getCapabilities: () => capabilities,
    getGatewayListenerRequirements: () => ({}),
    authenticateSandbox: () => {
      throw unimplemented('A simulated driver does not authenticate sandboxes.')
    },
    validateSandboxCreate: async ({ sandbox }) => {
      await check(sandbox)
      return {}
    },
    createSandbox: async ({ sandbox }) => identity(sandboxes.create(await check(sandbox))),
    getSandbox: (request) => ({ sandbox: sandboxes.get(request) }),
    listSandboxes: () => ({ sandboxes: sandboxes.list() }),
    stopSandbox: async (request) => {
      await sandboxes.stop(request)
      return {}
    },
    startSandbox: (request) => identity(sandboxes.start(request)),
    deleteSandbox: async (request) => ({ deleted: await sandboxes.delete(request) }),
    ensureWorkspace: () => ({}),
    deleteWorkspace: () => ({}),
  }
}
