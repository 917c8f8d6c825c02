import type { IncomingHttpHeaders } from 'node:http2'
import type { Server } from '@grpc/grpc-js'
import { timerMs } from '../clock/timer-ms.js'
import { http2Servers } from './http2-servers.js'

const header = 'grpc-timeout'
const unitsMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000 }

/**
 * Lets callers set deadlines that are weeks away: grpc-js ends a call at once whose time does not fit into its timer. Such a call
 * gets the longest time that does.
 */
export function boundDeadlines(server: Server): void {
  for (const listener of http2Servers(server)) listener.prependListener('stream', boundDeadline)
}

// The listeners behind this one get the same object.
function boundDeadline(_stream: unknown, headers: IncomingHttpHeaders): void {
  const [, amount, unit = ''] = /^(\d{1,8})([HMS])$/.exec(String(headers[header])) ?? []
  const givenMs = Number(amount) * (unitsMs[unit] ?? 0)
  if (givenMs > timerMs(givenMs)) headers[header] = `${Math.floor(timerMs(givenMs) / 1_000)}S`
}
