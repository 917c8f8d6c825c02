/** What becomes one shell line. */
export interface ExecLineInput {
  /** Where the command starts; empty means the sandbox's own choice. */
  readonly workdir: string
  readonly environment: Readonly<Record<string, string>>
  readonly command: readonly string[]
}

/**
 * Writes a command as the one line that the sandbox's shell runs.
 *
 * Environment variables become assignments in front, sorted by name. Quoting makes every word literal.
 */
export function execLine({ workdir, environment, command }: ExecLineInput): string {
  const assignments = Object.keys(environment)
    .sort()
    .map((key) => `${key}=${quoteWord(environment[key] ?? '')}`)
  const words = [...assignments, ...command.map(quoteWord)].join(' ')
  return workdir === '' ? words : `cd ${quoteWord(workdir)} && ${words}`
}

/** Quotes one word for a POSIX shell; words of harmless characters stay as they are. */
export function quoteWord(word: string): string {
  if (/^[A-Za-z0-9./_-]+$/.test(word)) return word
  return `'${word.replaceAll("'", `'"'"'`)}'`
}
