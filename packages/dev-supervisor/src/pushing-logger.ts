import { type Logger, pino } from 'pino'
import type { LogPush } from './log-push.js'

const INFO = 30

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'

/** A logger whose lines go to another one, and from level `info` on to the gateway as well. */
export function pushingLogger(logger: Logger, logs: Pick<LogPush, 'push'>): Logger {
  return pino(
    { level: 'trace', base: null },
    {
      write(text: string) {
        const { level, time, msg, ...fields } = JSON.parse(text) as Record<string, unknown>
        const name = (pino.levels.labels[Number(level)] ?? 'info') as Level
        logger[name](fields, typeof msg === 'string' ? msg : '')
        if (Number(level) < INFO) return
        logs.push({
          timestampMs: BigInt(Number(time)),
          level: name.toUpperCase(),
          target: 'openshell_dev_supervisor',
          message: String(msg ?? ''),
          source: 'sandbox',
          fields: Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, toText(value)])),
        })
      },
    },
  )
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
