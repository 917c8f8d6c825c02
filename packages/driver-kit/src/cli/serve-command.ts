import { defineCommand } from 'citty'
import type { Driver } from '../driver.js'
import { serveDriver } from '../serve-driver.js'
import { defaultStateDirectory } from './default-state-directory.js'
import { type Flags, readFlags, toUsage } from './flag.js'
import { createProcessLogger } from './process-logger.js'

const ownFlags = {
  'bind-socket': {
    description: "Unix socket that the gateway connects to; its folder must be this user's own.",
    hint: 'PATH',
    environment: 'OPENSHELL_COMPUTE_DRIVER_SOCKET',
    required: true,
  },
  'state-dir': {
    description: "Folder for records, tokens and the sandboxes' own folders; one driver a folder.",
    hint: 'DIR',
    environment: 'OPENSHELL_DRIVER_STATE_DIR',
  },
  'admission-config-json': {
    description: "What clients may bring in; must equal the gateway's setting on line 0.1.",
    hint: 'JSON',
    environment: 'OPENSHELL_DRIVER_ADMISSION_CONFIG_JSON',
    default: '{}',
  },
  'log-level': {
    description: 'trace, debug, info, warn, error, fatal or silent.',
    hint: 'LEVEL',
    environment: 'OPENSHELL_LOG_LEVEL',
    default: 'info',
  },
} as const satisfies Flags

/** `serve`: the driver on its socket, until SIGTERM or SIGINT. */
export function serveCommand(driver: Driver) {
  const stateFlag = { ...ownFlags['state-dir'], default: defaultStateDirectory(driver.name, process.env) }
  const flags: Flags = { ...ownFlags, 'state-dir': stateFlag, ...settingFlags(driver) }
  return defineCommand({
    meta: { name: 'serve', description: `Serve driver ${driver.name} to a gateway until SIGTERM or SIGINT.` },
    args: toUsage(flags),
    run: ({ rawArgs }) => serve(driver, readFlags(flags, rawArgs, process.env)),
  })
}

function settingFlags({ settings }: Driver): Flags {
  return Object.fromEntries(
    Object.values(settings).map(({ flag, description, environment, required, default: value }) => [
      flag,
      {
        description,
        hint: 'VALUE',
        environment,
        ...(required === undefined ? {} : { required }),
        ...(value === undefined ? {} : { default: value }),
      },
    ]),
  )
}

async function serve(driver: Driver, values: Record<string, string | undefined>): Promise<void> {
  const logger = createProcessLogger(driver.name, values['log-level'] ?? ownFlags['log-level'].default)
  const ended = endSignal()
  const server = await serveDriver(driver, {
    socketPath: values['bind-socket'] ?? '',
    stateDirectory: values['state-dir'] ?? '',
    admissionConfigJson: values['admission-config-json'] ?? ownFlags['admission-config-json'].default,
    settings: settingsOf(driver, values),
    logger,
  })
  process.stdout.write(`${driver.name} ${driver.version} serves on ${server.socketPath}\n`)
  const signal = await ended
  logger.info({ signal }, 'Shutting down')
  await server.close()
  // A handler's timers and sockets must not keep an ended driver alive.
  process.exit(0)
}

function settingsOf({ settings }: Driver, values: Record<string, string | undefined>): Record<string, string> {
  const given = Object.entries(settings).map(([name, { flag }]) => [name, values[flag]] as const)
  return Object.fromEntries(given.filter((entry): entry is readonly [string, string] => entry[1] !== undefined))
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
