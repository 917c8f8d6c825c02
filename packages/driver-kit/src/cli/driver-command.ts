import { type CommandDef, defineCommand } from 'citty'
import type { Driver } from '../driver.js'
import { configSchemaCommand } from './config-schema-command.js'
import { serveCommand } from './serve-command.js'

/** A command with its place in the tree. */
export interface CommandNode {
  readonly command: CommandDef
  readonly commands: Readonly<Record<string, CommandNode>>
  /** Command lines that work, for `--help`. */
  readonly examples: readonly string[]
}

/** The command line of a driver. */
export function driverCommand(driver: Driver): CommandNode {
  const program = `${driver.name}-driver`
  const schema: CommandNode = {
    command: configSchemaCommand(driver) as CommandDef,
    commands: {},
    examples: [`${program} config schema`, `${program} config schema --version 1 > v1.schema.json`],
  }
  const serve: CommandNode = {
    command: serveCommand(driver) as CommandDef,
    commands: {},
    examples: [
      `${program} serve --bind-socket /run/${driver.name}/compute.sock --state-dir /var/lib/${driver.name}`,
      `OPENSHELL_COMPUTE_DRIVER_SOCKET=/run/${driver.name}/compute.sock ${program} serve --state-dir ./state --log-level debug`,
    ],
  }
  const config = group('config', "Work with the driver's driver_config.", { schema })
  return group(program, `OpenShell compute driver ${driver.name} ${driver.version}.`, { serve, config })
}

function group(name: string, description: string, commands: Readonly<Record<string, CommandNode>>): CommandNode {
  const subCommands = Object.fromEntries(Object.entries(commands).map(([key, node]) => [key, node.command]))
  return {
    command: defineCommand({ meta: { name, description }, subCommands }) as CommandDef,
    commands,
    examples: Object.values(commands).flatMap(({ examples }) => examples),
  }
}
