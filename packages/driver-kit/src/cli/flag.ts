import type { ArgsDef } from 'citty'

/** A flag of a command, and the environment variable that stands in for it. */
export interface Flag {
  /** One sentence for `--help`. */
  readonly description: string
  /** What the value is, in capitals: `PATH`. A flag without one is a switch: it takes no value, and reads as `true`. */
  readonly hint?: string
  /** The variable that is read when the flag is absent; none when absent. An empty variable counts as absent. */
  readonly environment?: string
  /** Whether a value is needed. */
  readonly required?: boolean
  /** The value when neither is given. */
  readonly default?: string
  /** Says what is wrong with a value, as the end of a sentence: `must be a whole number`. `undefined` accepts it. */
  readonly check?: (value: string) => string | undefined
}

/** Flags by their names, without dashes. */
export type Flags = Readonly<Record<string, Flag>>

/** A word of a command line that belongs to no flag. */
export interface Word {
  /** One sentence for `--help`. */
  readonly description: string
  /** Whether the word may be left out. */
  readonly optional?: boolean
}

/** Words by their names in capitals, such as `FILE`, in their order. */
export type Words = Readonly<Record<string, Word>>

/** The words and flags as citty shows them in `--help`. */
export function toUsage(flags: Flags, words: Words = {}): ArgsDef {
  const positionals = Object.entries(words).map(([name, { description, optional = false }]) => {
    return [name, { type: 'positional' as const, description, required: !optional }]
  })
  const options = Object.entries(flags).map(([name, flag]) => {
    const environment = flag.environment === undefined ? '' : ` [${flag.environment}]`
    const needed = flag.required ? ' Required.' : ''
    const description = `${flag.description}${needed}${environment}`
    if (flag.hint === undefined) return [name, { type: 'boolean' as const, description }]
    const usage = { type: 'string' as const, description, valueHint: flag.hint }
    return [name, flag.default === undefined ? usage : { ...usage, default: flag.default }]
  })
  return Object.fromEntries([...positionals, ...options])
}
