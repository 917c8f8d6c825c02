import { parseArgs } from 'node:util'
import { suggestNames } from '@openshell-ts/driver-config'
import type { ArgsDef } from 'citty'
import { CommandLineError } from './command-line-error.js'

/** A flag with a value, and the environment variable that stands in for it. */
export interface Flag {
  /** One sentence for `--help`. */
  readonly description: string
  /** What the value is, in capitals: `PATH`. */
  readonly hint: string
  /** The variable that is read when the flag is absent; none when absent. An empty variable counts as absent. */
  readonly environment?: string
  /** Whether a value is needed. */
  readonly required?: boolean
  /** The value when neither is given. */
  readonly default?: string
}

/** Flags by their names, without dashes. */
export type Flags = Readonly<Record<string, Flag>>

/** The flags as citty shows them in `--help`. */
export function toUsage(flags: Flags): ArgsDef {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => {
      const environment = flag.environment === undefined ? '' : ` [${flag.environment}]`
      const needed = flag.required ? ' Required.' : ''
      const description = `${flag.description}${needed}${environment}`
      const usage = { type: 'string' as const, description, valueHint: flag.hint }
      return [name, flag.default === undefined ? usage : { ...usage, default: flag.default }]
    }),
  )
}

/**
 * Reads a command's flags: the flag wins over the variable, the variable over the default.
 *
 * @throws CommandLineError for an unknown flag, a flag without a value, an extra word, or a missing required value.
 */
export function readFlags(
  flags: Flags,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const given = parse(flags, args)
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => {
      const value = given[name] ?? variable(environment, flag.environment) ?? flag.default
      if (flag.required && (value === undefined || value === '')) throw missing(name, flag)
      return [name, value]
    }),
  )
}

function parse(flags: Flags, args: readonly string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(Object.keys(flags).map((name) => [name, { type: 'string' as const }]))
  // Only the tokens: they name what is wrong better than the library's own errors.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true })
  const values: Record<string, string | undefined> = {}
  for (const token of tokens) {
    if (token.kind === 'positional')
      throw new CommandLineError(`Unexpected word "${token.value}"; values belong to flags.`)
    if (token.kind !== 'option') continue
    if (!Object.hasOwn(flags, token.name)) throw unknownFlag(token.rawName, Object.keys(flags))
    if (token.value === undefined)
      throw new CommandLineError(`--${token.name} needs a value: ${flags[token.name]?.hint}.`)
    values[token.name] = token.value
  }
  return values
}

function unknownFlag(rawName: string, known: readonly string[]): CommandLineError {
  const [nearest] = suggestNames(rawName.replace(/^-+/, ''), known)
  const hint =
    nearest === undefined ? `known flags: ${known.map((name) => `--${name}`).join(', ')}` : `did you mean --${nearest}?`
  return new CommandLineError(`Unknown flag ${rawName}; ${hint}`)
}

function missing(name: string, { hint, environment }: Flag): CommandLineError {
  const twin = environment === undefined ? '' : ` or set ${environment}`
  return new CommandLineError(`Pass --${name} ${hint}${twin}.`)
}

function variable(
  environment: Readonly<Record<string, string | undefined>>,
  name: string | undefined,
): string | undefined {
  const value = name === undefined ? undefined : environment[name]
  return value === '' ? undefined : value
}
