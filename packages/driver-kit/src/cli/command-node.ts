import { type CommandDef, defineCommand } from 'citty'

/** A command with its place in the tree. */
export interface CommandNode {
  readonly command: CommandDef
  readonly commands: Readonly<Record<string, CommandNode>>
  /** Command lines that work, for `--help`. */
  readonly examples: readonly string[]
  /** What the exit codes mean, for `--help`; absent for a group of commands. */
  readonly exitCodes?: Readonly<Record<number, string>>
}

/** A command that only holds others. */
export function commandGroup(
  name: string,
  description: string,
  commands: Readonly<Record<string, CommandNode>>,
): CommandNode {
  const subCommands = Object.fromEntries(Object.entries(commands).map(([key, node]) => [key, node.command]))
  return {
    command: defineCommand({ meta: { name, description }, subCommands }) as CommandDef,
    commands,
    examples: Object.values(commands).flatMap(({ examples }) => examples),
  }
}
