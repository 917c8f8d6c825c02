/** The levels of a driver's log, the most talkative first. */
export const logLevels: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** What `RUST_LOG` calls the levels. */
const rustLevels: ReadonlyMap<string, string> = new Map([
  ...['trace', 'debug', 'info', 'warn', 'error'].map((level) => [level, level] as const),
  ['off', 'silent'],
])

/** Says what is wrong with a level, as the end of a sentence; `undefined` when nothing is. */
export function findLogLevelProblem(level: string): string | undefined {
  return logLevels.includes(level) ? undefined : `must be one of ${logLevels.join(', ')}.`
}

/**
 * Says what is wrong with a `RUST_LOG`, as the end of a sentence. Its parts between commas are a level, the name of a part of
 * some Rust program, or `name=level`.
 */
export function findRustLogProblem(directives: string): string | undefined {
  const isWrong = split(directives).some((directive) => {
    const [, level] = directive.split('=')
    return level !== undefined && !rustLevels.has(level)
  })
  return isWrong
    ? `must have levels such as ${[...rustLevels.keys()].join(', ')}, as in info or hyper=warn,info.`
    : undefined
}

/** The level that a `RUST_LOG` sets for a whole program; `undefined` when it only speaks of parts, which this program has not. */
export function readRustLog(directives: string): string | undefined {
  return split(directives)
    .map((directive) => rustLevels.get(directive))
    .findLast((level) => level !== undefined)
}

function split(directives: string): readonly string[] {
  return directives
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim())
}
