import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js'
import { pino } from 'pino'
import type { ServeOptions } from './cli-options.js'
import type { DevGatewayOptions } from './gateway/gateway-options.js'
import { letHeapGrow } from './let-heap-grow.js'
import { type GatewayWithCommands, runCommands } from './run-commands/run-commands.js'
import { planServe } from './serve-plan.js'
import { type DevGateway, startDevGateway } from './start-dev-gateway.js'
import { CallTrace } from './trace/call-trace.js'
import { formatTrace } from './trace/format-trace.js'

/** Serves until the process is told to stop. Rejects with a GatewayStartError when it cannot, and when sandboxes could not be stopped. */
export async function serve(options: ServeOptions): Promise<void> {
  letHeapGrow()
  // The transport has a log of its own, which would put a second line beside our one.
  setLogVerbosity(logVerbosity.NONE)
  const stopped = stopSignal()
  const logger = pino({ level: options.logLevel }, pino.destination({ dest: 2, sync: true }))
  const warn = (sentence: string) => process.stderr.write(`Warning: ${sentence}\n`)
  const plan = planServe(options, warn)
  const commands = options.runCommands
    ? runCommands(plan, { logLevel: options.logLevel, folder: process.cwd() })
    : undefined
  const trace = options.trace ? printedTrace() : undefined
  try {
    const starting = startDevGateway({ ...(commands?.options ?? plan), logger, ...(trace && { trace }) })
    const gateway = await Promise.race([starting, stopped.then(() => undefined)])
    // A signal during the start ends the process at once: there is nothing yet that others rely on.
    if (!gateway) process.exit(0)
    announce(gateway, plan, commands)
    await stopped
    await gateway.close()
  } finally {
    await commands?.end()
  }
}

function announce(
  { endpoint, healthPort, statusPort, tlsDirectory }: DevGateway,
  { drivers = [] }: DevGatewayOptions,
  commands: GatewayWithCommands | undefined,
): void {
  process.stdout.write(`${endpoint}\n`)
  if (commands) {
    process.stdout.write('driver: simulated; commands run on this machine, as you, without isolation\n')
  } else if (drivers.some((driver) => !('socketPath' in driver))) {
    process.stdout.write('driver: simulated; sandboxes are Ready at once, and nothing runs in them\n')
  }
  if (tlsDirectory !== undefined) process.stdout.write(`client certificates: ${tlsDirectory}\n`)
  if (healthPort !== undefined) process.stdout.write(`health: http://127.0.0.1:${healthPort}/readyz\n`)
  if (statusPort !== undefined) process.stdout.write(`status: http://127.0.0.1:${statusPort}/\n`)
}

function printedTrace(): CallTrace {
  const trace = new CallTrace()
  const colour = process.stderr.isTTY && !process.env['NO_COLOR']
  trace.listen((entry) => process.stderr.write(`${formatTrace(entry, { colour })}\n`))
  return trace
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}
