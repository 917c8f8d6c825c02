import type { LogLineRecord } from '../store/gateway-store.js'

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR']

/** Which lines a caller wants. */
export interface LogFilterInput {
  /** Sources to keep; empty keeps all. */
  readonly logSources: readonly string[]
  /** The lowest level to keep; an empty or unknown one keeps all. */
  readonly logMinLevel: string
}

/** A test for log lines. With a valid minimum, lines of an unknown level are dropped. */
export function logFilter({ logSources, logMinLevel }: LogFilterInput): (line: LogLineRecord) => boolean {
  const minimum = levels.indexOf(logMinLevel.toUpperCase())
  return (line) => {
    if (logSources.length > 0 && !logSources.includes(line.source)) return false
    return minimum < 0 || rankOf(line.level) >= minimum
  }
}

function rankOf(level: string): number {
  const name = level.toUpperCase()
  return levels.indexOf(name === 'OCSF' ? 'INFO' : name)
}
