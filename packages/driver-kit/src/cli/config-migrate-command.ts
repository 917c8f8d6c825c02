import { constants, copyFile } from 'node:fs/promises'
import { describeIssue } from '@openshell-ts/driver-config'
import { defineCommand } from 'citty'
import writeFileAtomic from 'write-file-atomic'
import type { Driver } from '../driver/driver.js'
import { CommandLineError } from './command-line-error.js'
import { CouldNotCheckError } from './config-file/could-not-check-error.js'
import { openConfigFile } from './config-file/open-config-file.js'
import { type Flags, toUsage, type Words } from './flag.js'
import { formatFindings } from './lint-report.js'
import { migrateConfig } from './migrate-config.js'
import { readFlags } from './read-flags.js'
import { shapeFlag, toShape } from './shape-flag.js'

const flags = {
  to: { description: 'The schema_version to reach; the current one when absent.', hint: 'N' },
  as: shapeFlag,
  check: { description: 'Only tell, by the exit code, whether the block would change.' },
  write: { description: 'Write the file, after a copy of it beside it.' },
} satisfies Flags

const words = { FILE: { description: 'JSON, JSON with comments or YAML; - for the standard input.' } } satisfies Words

/** `config migrate FILE`: the file with the driver's block in another version, on stdout or, when asked, in the file. */
export function configMigrateCommand(driver: Driver) {
  return defineCommand({
    meta: {
      name: 'migrate',
      description: `Bring the ${driver.name} block of a file to another version. Prints the result; writes nothing without --write.`,
    },
    args: toUsage(flags, words),
    async run({ rawArgs }) {
      const { FILE = '', as: shape, check, write, to } = readFlags(flags, rawArgs, {}, words)
      const target = readTarget(driver, to)
      if (write !== undefined && FILE === '-') {
        throw new CommandLineError('The standard input cannot be written; leave --write out, or give a file.')
      }
      if (write !== undefined && check !== undefined) throw new CommandLineError('Give either --check or --write.')
      const opened = await openConfigFile(FILE)
      const migrated = await migrateConfig(driver, opened, { to: target, ...toShape(shape) })
      if (!migrated.ok) {
        process.stderr.write(`${formatFindings(opened.name, migrated.findings).join('\n')}\n`)
        process.exitCode = 1
        return
      }
      const { from, text, losses } = migrated
      for (const loss of losses) process.stderr.write(`${opened.name}: lost: ${describeIssue(loss)}\n`)
      if (check !== undefined) process.exitCode = text === opened.text ? 0 : 1
      else if (write === undefined) process.stdout.write(text)
      else await writeFile(FILE, opened.text, text, from, target)
    },
  })
}

async function writeFile(path: string, before: string, after: string, from: number, to: number): Promise<void> {
  if (before === after) {
    process.stderr.write(`${path}: is written for schema_version ${to} already; nothing was changed\n`)
    return
  }
  const backup = `${path}.v${from}.bak`
  try {
    await copyFile(path, backup, constants.COPYFILE_EXCL)
    await writeFileAtomic(path, after)
  } catch (cause) {
    throw new CouldNotCheckError(describeFailure(path, backup, cause), { cause })
  }
  process.stderr.write(`${path}: brought from schema_version ${from} to ${to}; the file before is ${backup}\n`)
}

function describeFailure(path: string, backup: string, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
  if (code === 'EEXIST') return `${backup} exists already, so nothing was written; rename it or remove it.`
  return `${path} or the copy beside it cannot be written (${code}); the file is as it was.`
}

function readTarget({ name, config }: Driver, text: string | undefined): number {
  const { min, max } = config.versions
  if (max === 0) throw new CommandLineError(`Driver ${name} takes no driver_config, so there is nothing to migrate.`)
  const target = text === undefined ? max : Number(text)
  if (config.at(target) !== undefined) return target
  throw new CommandLineError(
    `--to must be a schema_version that driver ${name} reads: ${min === max ? max : `${min} to ${max}`}.`,
  )
}
