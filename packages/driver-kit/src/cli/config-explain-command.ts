import { type Deprecations, issueCodes, suggestNames } from '@openshell-ts/driver-config'
import { defineCommand } from 'citty'
import type { Driver } from '../driver/driver.js'
import { CommandLineError } from './command-line-error.js'
import { type ConfigField, describeFields } from './docs/describe-fields.js'
import { type Flags, toUsage, type Words } from './flag.js'
import { readFlags } from './read-flags.js'

const flags = {
  version: { description: 'The schema_version to explain; the current one when absent.', hint: 'N' },
  json: { description: 'Print the explanation as JSON.' },
} satisfies Flags

const words = {
  NAME: { description: 'A field such as mounts[].source, or a code such as UNKNOWN_FIELD.', optional: true },
} satisfies Words

/** `config explain [NAME]`: what a field or a code means; all fields of a version without a name. */
export function configExplainCommand(driver: Driver) {
  return defineCommand({
    meta: {
      name: 'explain',
      description: `Explain the fields of ${driver.name}'s driver_config, or a code of a report.`,
    },
    args: toUsage(flags, words),
    run({ rawArgs }) {
      const { NAME: name, json, version } = readFlags(flags, rawArgs, {}, words)
      const explained = isCode(name) ? { code: name, ...issueCodes[name] } : explainFields(driver, version, name)
      if (json !== undefined) process.stdout.write(`${JSON.stringify(explained, undefined, 2)}\n`)
      else process.stdout.write('code' in explained ? formatCode(explained) : formatFields(explained))
    },
  })
}

type Code = keyof typeof issueCodes

interface ExplainedFields {
  readonly driver: string
  readonly version: number
  readonly status: string
  readonly since?: string
  readonly current: boolean
  readonly fields: readonly ConfigField[]
}

const faults: Readonly<Record<string, string>> = {
  user: 'the writer of the block',
  operator: 'the operator of the gateway and the driver',
  environment: 'whoever keeps what the block names',
  driver: "the driver's author",
}

function isCode(name: string | undefined): name is Code {
  return name !== undefined && Object.hasOwn(issueCodes, name)
}

function explainFields(
  { name: driver, config }: Driver,
  text: string | undefined,
  place: string | undefined,
): ExplainedFields {
  const { max } = config.versions
  if (max === 0) throw new CommandLineError(`Driver ${driver} takes no driver_config, so it has no fields.`)
  const version = text === undefined ? max : Number(text)
  const schema = config.at(version)?.schema
  const info = config.describe().each.find(({ number }) => number === version)
  if (schema === undefined || info === undefined) {
    const known = config.describe().each.map(({ number }) => number)
    throw new CommandLineError(`Driver ${driver} has no schema_version of that number; it reads ${known.join(', ')}.`)
  }
  const all = describeFields(schema).map((field) => addDeprecations(field, info.deprecated ?? {}))
  const fields = place === undefined ? all : [findField(all, place, version)]
  const since = info.since === undefined ? {} : { since: info.since }
  return { driver, version, status: info.status, ...since, current: version === max, fields }
}

/** What the author says about the field and its values, beside the keyword `deprecated` of the schema. */
function addDeprecations(field: ConfigField, deprecated: Deprecations): ConfigField {
  const notes = Object.entries(deprecated)
    .filter(([place]) => place.split('=')[0] === field.path)
    .map(([place, { since, message }]) => {
      const [, value] = place.split('=')
      return `${value === undefined ? '' : `"${value}" is `}deprecated since ${since}: ${message}`
    })
  return notes.length === 0 ? field : { ...field, deprecations: notes }
}

/** Accepts what reports print: with the root, and with indexes. */
function findField(fields: readonly ConfigField[], place: string, version: number): ConfigField {
  const template = place.replace(/^driver_config\./, '').replaceAll(/\[\d+\]/g, '[]')
  const found = fields.find(({ path }) => path === template)
  if (found !== undefined) return found
  const names = [...fields.map(({ path }) => path), ...Object.keys(issueCodes)]
  const [nearest] = suggestNames(template, names)
  const hint = nearest === undefined ? 'leave the name out to see all fields.' : `did you mean "${nearest}"?`
  throw new CommandLineError(`schema_version ${version} has no field "${place}", and no code has that name; ${hint}`)
}

function formatCode({ code, severity, fault, summary, fix }: { code: Code } & (typeof issueCodes)[Code]): string {
  return `${code}: ${summary}\n  ${severity}; ${faults[fault]} can remove the cause\n  fix: ${fix}\n`
}

function formatFields({ driver, version, status, since, current, fields }: ExplainedFields): string {
  const state = [current ? 'current' : undefined, status, since === undefined ? undefined : `since ${since}`]
  const title = `driver_config of ${driver}, schema_version ${version} (${state.filter((part) => part !== undefined).join(', ')})`
  const blocks = fields.map(formatField)
  return `${[title, ...(blocks.length === 0 ? ['It has no fields.'] : blocks)].join('\n\n')}\n`
}

function formatField(field: ConfigField): string {
  const { path, type, required, since, deprecated, experimental, printable, secret, unit, description } = field
  const notes = [
    required ? 'required' : undefined,
    field.default === undefined ? undefined : `default ${JSON.stringify(field.default)}`,
    unit === undefined ? undefined : `in ${unit}`,
    since === undefined ? undefined : `since ${since}`,
    deprecated && field.deprecations === undefined ? 'deprecated' : undefined,
    experimental ? 'experimental' : undefined,
    secret === undefined ? undefined : `a reference to ${secret}, never shown`,
    printable ? 'reports may show it' : undefined,
  ].filter((note) => note !== undefined)
  const head = `${path}: ${[type, ...notes].join('; ')}`
  const texts = [...(description === undefined ? [] : [description]), ...(field.deprecations ?? [])]
  return [head, ...texts.map((text) => text.replaceAll('\n', '\n    '))].join('\n    ')
}
