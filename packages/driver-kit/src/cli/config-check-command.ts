import { defineCommand } from 'citty'
import type { Driver } from '../driver/driver.js'
import { CommandLineError } from './command-line-error.js'
import { defaultLockFile } from './default-lock-file.js'
import { type Flags, toUsage } from './flag.js'
import { type CommandLineValues, readFlags } from './read-flags.js'

const flags = {
  lock: { description: 'The lock file, which is committed.', hint: 'FILE', default: defaultLockFile },
  base: { description: 'The lock file of the branch that the change goes to; it wins over --lock.', hint: 'FILE' },
  update: { description: 'Record what the config adds, after the check and only when nothing breaks.' },
  release: { description: 'With --update: freeze the current version, as part of the release that ships it.' },
  json: { description: 'Print the report as JSON.' },
  junit: { description: 'Write the report as JUnit XML to this file.', hint: 'FILE' },
  github: { description: 'Print annotations for GitHub Actions below the report.' },
} satisfies Flags

/** `config check`: whether the config still does for documents of its releases what those did. */
export function configCheckCommand(driver: Driver) {
  return defineCommand({
    meta: {
      name: 'check',
      description: `Compare driver ${driver.name}'s driver_config with what was released of it, as a lock file holds it.`,
    },
    args: toUsage(flags),
    async run({ rawArgs }) {
      const values = readFlags(flags, rawArgs, {})
      requireTogether(driver, values)
      // Drivers that serve have no use for it.
      const { checkConfig } = await import('./check-config.js')
      process.exitCode = await checkConfig(driver, values)
    },
  })
}

function requireTogether({ name, config }: Driver, { update, release, json, github }: CommandLineValues): void {
  if (release !== undefined && update === undefined) {
    throw new CommandLineError('Give --release together with --update.')
  }
  if (json !== undefined && github !== undefined) throw new CommandLineError('Give either --json or --github.')
  if (config.versions.max > 0) return
  throw new CommandLineError(`Driver ${name} takes no driver_config, so there is nothing to check.`)
}
