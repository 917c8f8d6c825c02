import { EventEmitter } from 'node:events'
import type { IncomingHttpHeaders } from 'node:http2'
import type { Server } from '@grpc/grpc-js'
import { timerMs } from '../clock/timer-ms.js'

const header = 'grpc-timeout'
const unitsMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000 }

/**
 * Lets callers set deadlines that are weeks away: grpc-js ends a call at once whose time does not fit into its timer. Such a call
 * gets the longest time that does.
 *
 * This reaches into grpc-js. Where its inside looks different, nothing changes.
 */
export function boundDeadlines(server: Server): void {
  const listeners: unknown = Reflect.get(server, 'http2Servers')
  if (!(listeners instanceof Map)) return
  for (const listener of listeners.keys()) {
    if (listener instanceof EventEmitter) listener.prependListener('stream', boundDeadline)
  }
}

// The listeners behind this one get the same object.
function boundDeadline(_stream: unknown, headers: IncomingHttpHeaders): void {
  const [, amount, unit = ''] = /^(\d{1,8})([HMS])$/.exec(String(headers[header])) ?? []
  const givenMs = Number(amount) * (unitsMs[unit] ?? 0)
  if (givenMs > timerMs(givenMs)) headers[header] = `${Math.floor(timerMs(givenMs) / 1_000)}S`
}
