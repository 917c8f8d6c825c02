import { defineCommand } from 'citty'
import type { Driver } from '../driver/driver.js'
import { CouldNotCheckError } from './config-file/could-not-check-error.js'
import type { ConfigShape } from './config-file/find-config-site.js'
import { openConfigFile } from './config-file/open-config-file.js'
import { type Flags, toUsage, type Words } from './flag.js'
import { lintConfig } from './lint-config.js'
import { formatLint, type LintReport } from './lint-report.js'
import { readFlags } from './read-flags.js'
import { shapeFlag, toShape } from './shape-flag.js'

const flags = {
  as: shapeFlag,
  strict: { description: 'Refuse deprecated, experimental and older things as well, and a missing schema_version.' },
  'deny-warnings': { description: 'End with code 2 when there are warnings.' },
  json: { description: 'Print the report as JSON.' },
} satisfies Flags

const words = { FILE: { description: 'JSON, JSON with comments or YAML; - for the standard input.' } } satisfies Words

/** `config lint FILE`: what the driver would say about its block in a file. */
export function configLintCommand(driver: Driver) {
  return defineCommand({
    meta: {
      name: 'lint',
      description: `Check the ${driver.name} block of a file as the driver would. Settings are read from their variables.`,
    },
    args: toUsage(flags, words),
    async run({ rawArgs }) {
      const { FILE = '', as: shape, strict, json, ...values } = readFlags(flags, rawArgs, {}, words)
      const report = await lint(driver, FILE, { strict: strict !== undefined, ...toShape(shape) }).catch(
        (error: unknown) => {
          if (json !== undefined && error instanceof CouldNotCheckError) {
            const { message } = error
            process.stdout.write(
              `${JSON.stringify({ file: FILE, driver: driver.name, verdict: 'unchecked', message }, undefined, 2)}\n`,
            )
          }
          throw error
        },
      )
      process.stdout.write(json === undefined ? formatLint(report) : `${JSON.stringify(report, undefined, 2)}\n`)
      process.exitCode = exitCodeOf(report, values['deny-warnings'] !== undefined)
    },
  })
}

async function lint(
  driver: Driver,
  path: string,
  options: { strict: boolean; shape?: ConfigShape },
): Promise<LintReport> {
  const { name, file } = await openConfigFile(path)
  return lintConfig(driver, file, { ...options, name, settings: knownSettings(driver) })
}

/** What `serve` would use here, as far as it is set; lint needs no complete configuration. */
function knownSettings({ settings }: Driver): Record<string, string> {
  const values = Object.entries(settings).map(([name, { environment, default: fallback }]) => {
    return [name, process.env[environment] || fallback] as const
  })
  return Object.fromEntries(values.filter((entry): entry is readonly [string, string] => entry[1] !== undefined))
}

function exitCodeOf({ verdict, warnings }: LintReport, denyWarnings: boolean): number {
  if (verdict === 'unchecked') return 3
  if (verdict === 'refused') return 1
  return denyWarnings && warnings > 0 ? 2 : 0
}
