import { parseArgs } from 'node:util'
import { suggestNames } from '@openshell-ts/driver-config'
import { CommandLineError } from './command-line-error.js'
import type { Flag, Flags, Words } from './flag.js'

/** What a command line says, by the names of flags and words; a switch that is given reads as `true`. */
export type CommandLineValues = Readonly<Record<string, string | undefined>>

/**
 * Reads a command's flags and words: the flag wins over the variable, the variable over the default.
 *
 * @throws CommandLineError for an unknown flag, a flag that is given twice or without its value, a word too many or too few,
 * a missing required value, and a value that does not pass its check. The value itself is not shown.
 */
export function readFlags(
  flags: Flags,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  words: Words = {},
): CommandLineValues {
  const { given, positionals } = parse(flags, args, Object.keys(words))
  const values = Object.entries(flags).map(([name, flag]) => [name, resolveValue(name, flag, given[name], environment)])
  const named = Object.entries(words).map(([name, { optional }], index) => {
    const value = positionals[index]
    if (value === undefined && optional !== true)
      throw new CommandLineError(`Write a ${name} after the command; see --help.`)
    return [name, value]
  })
  return Object.fromEntries([...values, ...named])
}

function resolveValue(
  name: string,
  flag: Flag,
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const fromVariable = flag.environment === undefined ? undefined : environment[flag.environment] || undefined
  const value = given ?? fromVariable ?? flag.default
  if (flag.required && (value === undefined || value === '')) throw missing(name, flag)
  const problem = value === undefined ? undefined : flag.check?.(value)
  if (problem === undefined) return value
  throw new CommandLineError(`${sourceOf(name, flag, given)} ${problem}`)
}

/** Where a value came from, with its twin: an operator may not know that both exist. */
function sourceOf(name: string, { environment }: Flag, given: string | undefined): string {
  if (environment === undefined) return `--${name}`
  return given === undefined ? `${environment} (--${name})` : `--${name} (${environment})`
}

function parse(flags: Flags, args: readonly string[], wordNames: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { hint }]) => [
      name,
      { type: hint === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  // Only the tokens: they name what is wrong better than the library's own errors.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true })
  const given: Record<string, string> = {}
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined
    if (flag === undefined) throw unknownFlag(token.rawName, Object.keys(flags))
    if (Object.hasOwn(given, token.name)) throw new CommandLineError(`--${token.name} is given twice; write it once.`)
    given[token.name] = tokenValue(token.name, flag, token.value)
  }
  const extra = positionals[wordNames.length]
  if (extra !== undefined) throw new CommandLineError(`Unexpected word "${extra}"; ${expectedWords(wordNames)}`)
  return { given, positionals }
}

function tokenValue(name: string, { hint }: Flag, value: string | undefined): string {
  if (hint === undefined && value !== undefined) throw new CommandLineError(`--${name} takes no value.`)
  if (hint !== undefined && value === undefined) throw new CommandLineError(`--${name} needs a value: ${hint}.`)
  return value ?? 'true'
}

function expectedWords(names: readonly string[]): string {
  return names.length === 0 ? 'values belong to flags.' : `the command takes ${names.join(' and ')} only.`
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
