import type { CommandDef } from 'citty'
import type { Driver } from '../driver/driver.js'
import { type CommandNode, commandGroup } from './command-node.js'
import { configCommands } from './config-commands.js'
import { conformanceExitCodes } from './conformance-flags.js'
import { driverConformanceCommand } from './driver-conformance-command.js'
import { type StartTracing, serveCommand } from './serve-command.js'

/** The command line of a driver. */
export function driverCommand(driver: Driver, startTracing: StartTracing | undefined): CommandNode {
  const program = `${driver.name}-driver`
  const serve: CommandNode = {
    command: serveCommand(driver, startTracing) as CommandDef,
    commands: {},
    examples: [
      `${program} serve --bind-socket /run/${driver.name}/compute.sock --state-dir /var/lib/${driver.name}`,
      `OPENSHELL_COMPUTE_DRIVER_SOCKET=/run/${driver.name}/compute.sock ${program} serve --state-dir ./state --log-level debug`,
    ],
    exitCodes: {
      0: 'ended by SIGTERM or SIGINT',
      1: 'could not start, or ended by a second signal',
      2: 'wrong command line or value',
    },
  }
  const conformance: CommandNode = {
    command: driverConformanceCommand(driver) as CommandDef,
    commands: {},
    examples: [
      `${program} conformance`,
      `${program} conformance /run/${driver.name}/compute.sock --line 0.1 --junit report.xml`,
    ],
    exitCodes: conformanceExitCodes,
  }
  const commands = { serve, config: configCommands(driver), conformance }
  return commandGroup(program, `OpenShell compute driver ${driver.name} ${driver.version}.`, commands)
}
