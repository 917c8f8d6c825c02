/** A flag of a subcommand. */
export interface Flag {
  /** A `boolean` takes no value. */
  readonly type: 'string' | 'boolean'
  /** Whether it may be given more than once. */
  readonly multiple?: true
  /** What the value is, in capitals, such as `FILE`. */
  readonly hint?: string
  /** A sentence without its full stop, for `--help`. */
  readonly description: string
}

/** Flags by their names, without dashes. */
export type Flags = Readonly<Record<string, Flag>>

/** What a command line says about its flags. */
export type FlagValues<F extends Flags> = { readonly [Name in keyof F]?: FlagValue<F[Name]> }

type FlagValue<F extends Flag> = F extends { type: 'boolean' }
  ? boolean
  : F extends { multiple: true }
    ? readonly string[]
    : string

/** Words of a command line that belong to no flag, in their order: the description by the name. */
export type Words = Readonly<Record<string, string>>

/** What a command line says in its words. */
export type WordValues<W extends Words> = { readonly [Name in keyof W]: string }
