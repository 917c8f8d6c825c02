import { type PublishConfigOptions, type PublishedFiles, publishConfig } from '@openshell-ts/driver-config'
import { defineCommand } from 'citty'
import type { Driver } from '../driver/driver.js'
import { CommandLineError } from './command-line-error.js'
import { versionPages } from './docs/version-page.js'
import { type Flags, toUsage } from './flag.js'
import { readFlags } from './read-flags.js'
import { writePublishedFiles } from './write-published-files.js'

const flags = {
  version: { description: 'Only this version, as a plain JSON Schema document.', hint: 'N' },
  bundle: { description: 'The bundle: all versions in one document, for programs that load it.' },
  out: {
    description:
      'Write all documents into this folder: index, schemas, bundle, envelope, lineage, conformance vectors, pages.',
    hint: 'DIR',
  },
  check: { description: 'With --out: write nothing, and tell by the exit code whether a file would change.' },
  'base-url': {
    description: 'With --out or --bundle: where the documents will be served from.',
    hint: 'URL',
    check: (value) =>
      /^https?:\/\/[^\s?#]+$/.test(value)
        ? undefined
        : 'must be an absolute URL without a query, such as https://acme.example/schemas/.',
  },
  aliases: {
    description: 'With --out: other names that gateways have for the driver, with commas between them.',
    hint: 'NAMES',
    check: (value) =>
      /^[A-Za-z0-9_-]+(?:,[A-Za-z0-9_-]+)*$/.test(value)
        ? undefined
        : 'must be names with commas between them, such as acme,acme-gpu.',
  },
  json: { description: 'With --out: print what was written as JSON. Everything else is JSON without it.' },
} satisfies Flags

/** `config schema`: the published documents, on stdout or as files in a folder. */
export function configSchemaCommand(driver: Driver) {
  return defineCommand({
    meta: { name: 'schema', description: `Print or write the JSON Schemas of driver ${driver.name}'s driver_config.` },
    args: toUsage(flags),
    async run({ rawArgs }) {
      const { version, bundle, out, check, json, aliases, 'base-url': baseUrl } = readFlags(flags, rawArgs, {})
      if ([version, bundle, out].filter((value) => value !== undefined).length > 1) {
        throw new CommandLineError('Give one of --version, --bundle and --out.')
      }
      if (check !== undefined && out === undefined) throw new CommandLineError('Give --check together with --out.')
      if (baseUrl !== undefined && bundle === undefined && out === undefined) {
        throw new CommandLineError('Give --base-url together with --out or --bundle.')
      }
      if (aliases !== undefined && out === undefined) throw new CommandLineError('Give --aliases together with --out.')
      const address = baseUrl === undefined ? {} : { baseUrl }
      if (out !== undefined) {
        requireSchemas(driver)
        const files = publish(driver, { ...address, aliases: aliases?.split(',') ?? [], docs: versionPages(driver) })
        await writeFolder(files, out, check !== undefined, json !== undefined)
      } else if (bundle !== undefined) process.stdout.write(publish(driver, address).bundle.text)
      else process.stdout.write(`${JSON.stringify(publishedSchemas(driver, version), undefined, 2)}\n`)
    },
  })
}

function publish(driver: Driver, options: PublishConfigOptions): PublishedFiles {
  requireSchemas(driver)
  const { config, version } = driver
  return publishConfig(config, { driverVersion: version, ...options })
}

async function writeFolder(
  { files, digest }: PublishedFiles,
  folder: string,
  check: boolean,
  json: boolean,
): Promise<void> {
  const written = await writePublishedFiles(folder, files, { check })
  const text = json
    ? JSON.stringify({ folder, digest, files: written }, undefined, 2)
    : written.map(({ file, state }) => `${file}: ${state}`).join('\n')
  process.stdout.write(`${text}\n`)
  if (check && written.some(({ state }) => state !== 'unchanged')) process.exitCode = 1
}

function publishedSchemas(driver: Driver, version: string | undefined): unknown {
  const { name, config } = driver
  const schemas = requireSchemas(driver)
  if (version === undefined) return { driver: name, versions: config.versions, schemas }
  const found = schemas.find((schema) => String(schema.version) === version)
  if (found === undefined) {
    const known = schemas.map((schema) => schema.version).join(', ')
    throw new CommandLineError(`Driver ${name} has no schema_version ${version}; it reads ${known}.`)
  }
  return found.schema
}

function requireSchemas({ name, config }: Driver) {
  const schemas = config.schemas()
  if (schemas.length > 0) return schemas
  throw new CommandLineError(`Driver ${name} takes no driver_config, so there is no schema.`)
}
