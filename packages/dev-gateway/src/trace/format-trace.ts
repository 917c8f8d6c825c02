import type { TraceEntry } from './trace-entry.js'

const bodyLimit = 160

/** How a line is written. */
export interface FormatTraceOptions {
  /** Whether the status is coloured, for a terminal. @default false */
  readonly colour?: boolean
}

/**
 * One line for an entry: time, direction, method, who, sandbox, status, duration, sizes, and the beginnings of the messages.
 * Whatever a name holds, it is one line, and holds nothing that a terminal obeys.
 */
export function formatTrace(entry: TraceEntry, { colour = false }: FormatTraceOptions = {}): string {
  const { type, method, who, sandbox, message } = entry
  const parts = [
    localTime(entry.time),
    arrows[entry.side],
    method,
    type === 'call' ? '' : type.replace('stream-', ''),
    who === '' ? '' : `by=${who}`,
    sandbox === '' ? '' : `sandbox=${sandbox}`,
  ]
  const ended = type === 'call' || type === 'stream-end'
  const status = ended ? paint(entry.status, colour) : ''
  const outcome = ended ? [`${entry.durationMs.toFixed(1)}ms`, sizes(entry)] : []
  const bodies = [body('', entry.request), body('-> ', entry.response), message === '' ? '' : JSON.stringify(message)]
  const line = [...parts.map(harmless), status, ...outcome, ...bodies.map(harmless)]
  return line.filter((part) => part !== '').join(' ')
}

const arrows: Readonly<Record<TraceEntry['side'], string>> = {
  client: 'client->gateway',
  supervisor: 'supervisor->gateway',
  driver: 'gateway->driver',
}

function localTime(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0')
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${milliseconds}`
}

function sizes({ requestBytes, responseBytes }: TraceEntry): string {
  return `${requestBytes}B/${responseBytes}B`
}

function body(mark: string, value: TraceEntry['request']): string {
  if (value === undefined) return ''
  const text = JSON.stringify(value)
  return `${mark}${text.length > bodyLimit ? `${text.slice(0, bodyLimit)}…` : text}`
}

function paint(status: string, colour: boolean): string {
  if (!colour) return status
  return `\u001b[${status === 'OK' ? 32 : 31}m${status}\u001b[0m`
}

// Control characters, and those that turn the direction of text.
function harmless(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}
