import { defineCommand } from 'citty'
import type { Driver } from '../driver/driver.js'
import { serveDriver } from '../server/serve-driver.js'
import { toUsage } from './flag.js'
import { createProcessLogger } from './process-logger.js'
import { readServeSettings, type ServeSettings, serveFlags } from './serve-flags.js'

/** Starts to send traces to a collector; resolves with what ends it, which is called before the process ends. */
export type StartTracing = (endpoint: string) => Promise<() => Promise<void>>

/** `serve`: the driver on its socket, until SIGTERM or SIGINT. */
export function serveCommand(driver: Driver, startTracing: StartTracing | undefined) {
  const options = { tracing: startTracing !== undefined }
  return defineCommand({
    meta: { name: 'serve', description: `Serve driver ${driver.name} to a gateway until SIGTERM or SIGINT.` },
    args: toUsage(serveFlags(driver, process.env, options)),
    run: ({ rawArgs }) => serve(driver, readServeSettings(driver, rawArgs, process.env, options), startTracing),
  })
}

async function serve(driver: Driver, told: ServeSettings, startTracing: StartTracing | undefined): Promise<void> {
  const { socketPath, stateDirectory, admissionConfigJson, settings, logLevel, gatewayName, otlpEndpoint } = told
  const logger = createProcessLogger({ driver: driver.name, gateway: gatewayName, level: logLevel })
  const ended = endSignal()
  const endTracing = otlpEndpoint === undefined ? undefined : await startTracing?.(otlpEndpoint)
  const server = await serveDriver(driver, { socketPath, stateDirectory, admissionConfigJson, settings, logger })
  process.stdout.write(`${driver.name} ${driver.version} serves on ${server.socketPath}\n`)
  const signal = await ended
  logger.info({ signal }, 'Shutting down')
  await server.close()
  await endTracing?.()
  // A handler's timers and sockets must not keep an ended driver alive.
  process.exit(0)
}

/** Resolves with the first signal that asks the process to end; the second one ends it at once. */
function endSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false
    const end = (signal: NodeJS.Signals) => {
      if (asked) process.exit(1)
      asked = true
      resolve(signal)
    }
    process.on('SIGTERM', end)
    process.on('SIGINT', end)
  })
}
