import type { LogLine } from '../model/log-line.js'
import type { SandboxAddress } from './sandbox-address.js'
import type { WireCall } from './wire-call.js'

/** Which kept log lines to read. */
export interface LogRequest {
  /** How many lines at most, the newest; the gateway takes 0 for its default. */
  readonly lines: number
  /** Earliest line; absent means no limit. */
  readonly since?: Date | undefined
  readonly sources: readonly string[]
  readonly minimumLevel: string
}

/** Log lines in the order of their time. */
export interface LogReply {
  readonly lines: readonly LogLine[]
  /** How many lines there were before the filters. */
  readonly bufferTotal: number
}

/** What a client asks about kept log lines. */
export interface LogCalls {
  read(address: SandboxAddress, request: LogRequest, call: WireCall): Promise<LogReply>
}
