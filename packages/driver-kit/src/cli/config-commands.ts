import type { CommandDef } from 'citty'
import type { Driver } from '../driver/driver.js'
import { type CommandNode, commandGroup } from './command-node.js'
import { configCheckCommand } from './config-check-command.js'
import { configDocsCommand } from './config-docs-command.js'
import { configExplainCommand } from './config-explain-command.js'
import { configLintCommand } from './config-lint-command.js'
import { configMigrateCommand } from './config-migrate-command.js'
import { configSchemaCommand } from './config-schema-command.js'

/** `config …`: everything about the driver's config that needs no gateway. */
export function configCommands(driver: Driver): CommandNode {
  const program = `${driver.name}-driver config`
  const { max } = driver.config.versions
  const node = (
    command: object,
    examples: readonly string[],
    exitCodes: Readonly<Record<number, string>>,
  ): CommandNode => ({ command: command as CommandDef, commands: {}, examples, exitCodes })
  return commandGroup('config', "Work with the driver's driver_config.", {
    schema: node(
      configSchemaCommand(driver),
      [
        `${program} schema --version ${max} > v${max}.schema.json`,
        `${program} schema --bundle > bundle.schema.json`,
        `${program} schema --out schemas/${driver.name} --base-url https://${driver.config.domain}/schemas/${driver.name}/`,
        `${program} schema --out schemas/${driver.name} --check`,
      ],
      {
        0: 'printed, written, or nothing would change',
        1: '--check found a file that would change, or the config cannot be published',
        2: 'wrong command line',
        3: 'could not read or write the folder',
      },
    ),
    docs: node(
      configDocsCommand(driver),
      [`${program} docs > config.md`, `${program} docs --out docs/config`, `${program} docs --out docs/config --check`],
      {
        0: 'printed, written, or nothing would change',
        1: '--check found a page that would change, or the config cannot be published',
        2: 'wrong command line',
        3: 'could not read or write the folder',
      },
    ),
    check: node(
      configCheckCommand(driver),
      [
        `${program} check`,
        `${program} check --update`,
        `${program} check --update --release`,
        `${program} check --base base.lock.json --github --junit compatibility.xml`,
      ],
      {
        0: 'compatible, or every difference is waived',
        1: 'something breaks, or the lock file is out of date',
        2: 'wrong command line',
        3: 'a difference needs a decision, or could not check',
      },
    ),
    lint: node(
      configLintCommand(driver),
      [
        `${program} lint template.yaml`,
        `${program} lint block.json --strict --deny-warnings`,
        `echo '{"${driver.name}":{}}' | ${program} lint - --json`,
      ],
      {
        0: 'accepted, with warnings or without',
        1: 'refused',
        2: 'warnings with --deny-warnings, or a wrong command line',
        3: 'could not check',
      },
    ),
    migrate: node(
      configMigrateCommand(driver),
      [
        `${program} migrate template.yaml`,
        `${program} migrate block.json --to ${max} --write`,
        `${program} migrate block.json --check`,
      ],
      {
        0: 'migrated, or nothing to do',
        1: 'the block is refused, or --check found an older one',
        2: 'wrong command line',
        3: 'could not read or write the file',
      },
    ),
    explain: node(
      configExplainCommand(driver),
      [`${program} explain`, `${program} explain UNKNOWN_FIELD`, `${program} explain --version ${max} --json`],
      { 0: 'printed', 2: 'wrong command line, or nothing has that name' },
    ),
  })
}
