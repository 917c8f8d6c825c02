import { join } from 'node:path'
import { GatewayStartError } from '../errors/gateway-start-error.js'
import type { DevGatewayOptions } from '../gateway/gateway-options.js'
import { createSimulatedDriver } from '../simulated-driver/create-simulated-driver.js'
import { SimulatedCompute } from '../simulated-driver/simulated-compute.js'
import { clientFolder } from '../tls/saved-certificates.js'
import { findSupervisor } from './find-supervisor.js'
import { SupervisorProcesses } from './supervisor-processes.js'

/** A gateway whose simulated sandboxes run commands. */
export interface GatewayWithCommands {
  readonly options: DevGatewayOptions
  /** Ends what runs in sandboxes; for after the gateway's end. */
  end(): Promise<void>
}

/**
 * Lets the simulated sandboxes of a planned gateway run commands as processes of this machine. With a state directory, its folder
 * `work` keeps their files.
 *
 * @throws GatewayStartError when the gateway has another driver, when its supervisors would have no certificate to show, and when
 * there is no supervisor to start.
 */
export function runCommands(
  plan: DevGatewayOptions,
  { logLevel, folder }: { readonly logLevel: string; readonly folder: string },
): GatewayWithCommands {
  const { drivers: [driver] = [], stateDirectory } = plan
  if (driver && !(driver instanceof SimulatedCompute)) {
    throw problem(
      `--run-commands is for simulated sandboxes; the driver ${driver.name} runs commands by itself, so leave one of the two out.`,
    )
  }
  const processes = new SupervisorProcesses({
    program: findSupervisor(folder),
    directory: stateDirectory && join(stateDirectory, 'work'),
    tlsDirectory: tlsDirectory(plan),
    logLevel,
  })
  const simulated = createSimulatedDriver({ startSandbox: (sandbox) => processes.start(sandbox) })
  return { options: { ...plan, drivers: [simulated] }, end: () => processes.end() }
}

function tlsDirectory({ tls, stateDirectory }: DevGatewayOptions): string | undefined {
  if (tls === undefined) return undefined
  if (tls !== 'generate' && 'certificate' in tls) {
    throw problem('--run-commands needs certificates for its supervisors: use --tls-dir PATH in place of --tls-cert.')
  }
  const directory = tls === 'generate' ? undefined : tls.directory
  return clientFolder(directory ?? join(stateDirectory ?? '', 'tls'))
}

function problem(message: string): GatewayStartError {
  return new GatewayStartError('configuration', message)
}
