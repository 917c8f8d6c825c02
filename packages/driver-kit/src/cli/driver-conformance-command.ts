import { defineCommand } from 'citty'
import type { Driver } from '../driver/driver.js'
import { CouldNotCheckError } from './config-file/could-not-check-error.js'
import { conformanceFlags } from './conformance-flags.js'
import { toUsage, type Words } from './flag.js'
import { type CommandLineValues, readFlags } from './read-flags.js'

// The program knows its own schemas.
const { index: _, ...flags } = conformanceFlags

const words = {
  SOCKET: { description: 'Unix socket on which the driver serves; the suite starts it when absent.', optional: true },
} satisfies Words

/** `conformance [SOCKET]`: examines this driver with its own schemas, on a socket or started for it. */
export function driverConformanceCommand({ name, config }: Driver) {
  return defineCommand({
    meta: { name: 'conformance', description: `Examine driver ${name} as gateways of both lines would use it.` },
    args: toUsage(flags, words),
    async run({ rawArgs }) {
      const { SOCKET: socketPath, ...values } = readFlags(flags, rawArgs, {}, words)
      const schemas = config.schemas()
      const index = schemas.length === 0 ? {} : { index: { versions: config.versions, schemas } }
      // The suite is large, and a driver that serves has no use for it.
      const { runSuite } = await import('./conformance-command.js')
      process.exitCode = await runSuite(socketPath, withDriver(socketPath, values), index)
    },
  })
}

/** Without a socket and a command, the driver is this program, with the settings that its variables give. */
function withDriver(socketPath: string | undefined, values: CommandLineValues): CommandLineValues {
  if (socketPath !== undefined || values['driver-command'] !== undefined || values['list'] !== undefined) return values
  const [node = process.execPath, program] = process.argv
  if (program === undefined) throw new CouldNotCheckError('This program has no file; write the SOCKET of the driver.')
  // Blocks are half of what is examined, and gateways of line 0.1 send none unless both sides allow it.
  const isDecided = process.env['OPENSHELL_DRIVER_ADMISSION_CONFIG_JSON']
  const admission = isDecided ? [] : ['--admission-config-json', '{"allow_driver_config":true}']
  const command = [node, ...process.execArgv, program, 'serve', ...admission].map(quote).join(' ')
  return { ...values, 'driver-command': `exec ${command}` }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
