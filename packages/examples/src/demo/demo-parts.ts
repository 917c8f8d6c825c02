import { packageFile } from '../package-file.js'
import type { DemoFolder } from './demo-folder.js'
import { type Part, startPart } from './part.js'

/** Starts the driver. It tells the supervisors of its sandboxes where the gateway is. */
export function startDriver({ driverSocket, driverState }: DemoFolder, gatewayUrl: string): Part {
  return startPart({
    name: 'driver',
    argv: [
      packageFile('@openshell-ts/examples', 'bin/local-process-driver.js'),
      'serve',
      ...['--bind-socket', driverSocket],
      ...['--state-dir', driverState],
      ...['--openshell-endpoint', gatewayUrl],
    ],
    output: 'kept',
  })
}

/** Starts the gateway, which dials the driver at once. */
export function startGateway({ driverSocket }: DemoFolder, port: number): Part {
  return startPart({
    name: 'gateway',
    argv: [
      packageFile('@openshell-ts/dev-gateway', 'bin/openshell-dev-gateway.js'),
      ...['--driver', `local-process=${driverSocket}`],
      ...['--port', String(port)],
    ],
    output: 'kept',
  })
}

/** Starts the client, which writes to the demo's own terminal. */
export function startClient(gatewayUrl: string): Part {
  const file = packageFile('@openshell-ts/examples', 'bin/sandbox-story.js')
  return startPart({ name: 'client', argv: [file, '--gateway', gatewayUrl], output: 'terminal' })
}
