import { defineCommand } from 'citty'
import type { Driver } from '../driver.js'
import { CommandLineError } from './command-line-error.js'
import { type Flags, toUsage } from './flag.js'
import { readFlags } from './read-flags.js'

const flags = {
  version: { description: 'Only this version, as a plain JSON Schema document.', hint: 'N' },
  json: { description: 'Print JSON, as it does without.' },
} satisfies Flags

/** `config schema`: the published JSON Schemas on stdout. */
export function configSchemaCommand(driver: Driver) {
  return defineCommand({
    meta: { name: 'schema', description: `Print the JSON Schemas of driver ${driver.name}'s driver_config.` },
    args: toUsage(flags),
    run({ rawArgs }) {
      const { version } = readFlags(flags, rawArgs, {})
      process.stdout.write(`${JSON.stringify(publishedSchemas(driver, version), undefined, 2)}\n`)
    },
  })
}

function publishedSchemas({ name, config }: Driver, version: string | undefined): unknown {
  const schemas = config.schemas()
  if (schemas.length === 0) {
    throw new CommandLineError(`Driver ${name} takes no driver_config, so there is no schema.`)
  }
  if (version === undefined) return { driver: name, versions: config.versions, schemas }
  const found = schemas.find((schema) => String(schema.version) === version)
  if (found === undefined) {
    const known = schemas.map((schema) => schema.version).join(', ')
    throw new CommandLineError(`Driver ${name} has no schema_version ${version}; it reads ${known}.`)
  }
  return found.schema
}
