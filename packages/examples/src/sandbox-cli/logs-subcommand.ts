import type { LogLine } from '@openshell-ts/sdk'
import { UsageError } from '../usage-error.js'
import { describeConnection } from './describe-connection.js'
import { readNumber } from './read-number.js'
import { defineSubcommand } from './subcommand.js'
import { watchEventToJson } from './watch-event-to-json.js'

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR']

/** `logs`: the lines that the gateway has kept of a sandbox. */
export const logsSubcommand = defineSubcommand({
  summary: 'Show the log lines of a sandbox, and with --follow those to come',
  words: { NAME: 'name of the sandbox' },
  flags: {
    lines: { type: 'string', hint: 'N', description: 'how many of the newest lines; the gateway decides when absent' },
    level: { type: 'string', hint: 'LEVEL', description: `only lines of this level and above: ${LEVELS.join(', ')}` },
    follow: {
      type: 'boolean',
      description: 'go on until the sandbox is deleted, or Ctrl-C, also over lost connections',
    },
  },
  examples: ['logs box', 'logs box --lines 20 --level WARN', 'logs box --follow --json | jq -r .message'],
  exitCodes: { 1: 'the lines could not be read' },
  async run({ connect, words, flags, report, signal }) {
    const lines = readNumber('--lines', flags.lines)
    const level = readLevel(flags.level)
    const tell = (line: LogLine) => report.result(line, describeLine(line))
    const sandbox = await (await connect()).sandboxes.get(words.NAME, { signal })
    if (flags.follow !== true) {
      const options = { ...(lines !== undefined && { lines }), ...(level !== undefined && { minimumLevel: level }) }
      for (const line of (await sandbox.logs({ ...options, signal })).lines) tell(line)
      return 0
    }
    const tail = {
      ...(lines !== undefined && { logTailLines: lines }),
      ...(level !== undefined && { minimumLogLevel: level }),
    }
    try {
      for await (const event of sandbox.watch({ ...tail, logs: true, status: false, events: false, signal })) {
        if (event.type === 'log') tell(event.line)
        const gap = event.type === 'gap' ? `Lines may be missing here (${event.reason}).` : undefined
        const end = event.type === 'deleted' ? 'The sandbox is deleted.' : undefined
        const aside = gap ?? end ?? describeConnection(event)
        if (aside !== undefined) report.aside(watchEventToJson(event), aside)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
    return 0
  },
})

// A gateway takes a level that it does not know for none.
function readLevel(text: string | undefined): string | undefined {
  const level = text?.toUpperCase()
  if (level === undefined || LEVELS.includes(level)) return level
  throw new UsageError(`--level must be one of ${LEVELS.join(', ')}.`)
}

function describeLine({ at, level, source, message, fields }: LogLine): string {
  const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${value}`)
  return `${at.toISOString()} ${level.padEnd(5)} ${source}: ${message}${pairs.join('')}`
}
