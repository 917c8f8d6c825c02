import type { RequestOptions } from '../calls/request-options.js'
import type { SameSandbox } from '../calls/same-sandbox.js'
import type { LogLine } from '../model/log-line.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'

/** Which kept log lines are read. */
export interface LogOptions extends RequestOptions {
  /** How many lines at most, the newest; the gateway takes 0 for its default. @default 0 */
  readonly lines?: number
  /** Earliest line; absent means no limit. */
  readonly since?: Date
  /** Lines of these sources only, `sandbox` and `gateway`; empty means both. @default [] */
  readonly sources?: readonly string[]
  /** Lines of this level and above only, such as `WARN`; empty means all. A line without a known level is dropped. @default '' */
  readonly minimumLevel?: string
}

/** Names of all options, for the check of mistyped ones. */
export const LOG_OPTIONS = [
  'lines',
  'since',
  'sources',
  'minimumLevel',
  'signal',
] as const satisfies readonly (keyof LogOptions)[]

/** The log lines that were read. */
export interface SandboxLogs {
  /** In the order of their time; empty when nothing matches. */
  readonly lines: readonly LogLine[]
  /** How many lines there were before sources, level and time were looked at. */
  readonly bufferTotal: number
}

/** Reads the log lines of a sandbox that the gateway has kept. */
export function readLogs(
  calls: SameSandbox,
  address: SandboxAddress,
  { lines = 0, since, sources = [], minimumLevel = '', signal }: LogOptions,
): Promise<SandboxLogs> {
  const request = { lines, since, sources, minimumLevel }
  return calls.read(
    { rpc: 'GetSandboxLogs', sandboxName: address.name, signal },
    (codec, call) => codec.logs.read(address, request, call),
    '0.0',
  )
}
