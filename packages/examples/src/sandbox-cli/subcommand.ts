import type { OpenShellClient } from '@openshell-ts/sdk'
import type { CONNECTION_FLAGS } from './connection-flags.js'
import type { Flags, FlagValues, Words, WordValues } from './flag.js'
import type { Report } from './report.js'
import type { Surroundings } from './surroundings.js'

/** What a subcommand works with. */
export interface Work<F extends Flags = Flags, W extends Words = Words> extends Surroundings {
  /** Connects to the gateway that the command line names; asked for once. The client is closed after the work. */
  readonly connect: () => Promise<OpenShellClient>
  readonly flags: FlagValues<F & typeof CONNECTION_FLAGS>
  readonly words: WordValues<W>
  /** The words behind `--`. */
  readonly command: readonly string[]
  readonly report: Report
  /** Says what is left when Ctrl-C ends the work from now on. */
  readonly remains: (sentence: string) => void
}

/** One subcommand. */
export interface Subcommand<F extends Flags = Flags, W extends Words = Words> {
  /** A sentence for `--help`. */
  readonly summary: string
  readonly words: W
  readonly flags: F
  /** Whether words behind `--` are taken; none when absent. */
  readonly command?: 'required' | 'optional'
  /** Command lines that work, without the program's name. */
  readonly examples: readonly string[]
  /** What the exit codes mean beside 0 and 2, for `--help`. */
  readonly exitCodes: Readonly<Record<string, string>>
  /** The exit code when the work fails. @default 1 */
  readonly failureCode?: number
  /** Does the work and returns the exit code. */
  run(work: Work<F, W>): Promise<number>
}

/** Declares a subcommand; `run` gets its flags and words by their names. */
export function defineSubcommand<const F extends Flags, const W extends Words>(
  definition: Subcommand<F, W>,
): Subcommand {
  return definition as unknown as Subcommand
}
