import { setTimeout as delay } from 'node:timers/promises'
import { status as Code } from '@grpc/grpc-js'
import type { Logger } from 'pino'
import { Backoff } from './backoff.js'
import type { GatewayConnection } from './gateway-connection.js'

/** What reporting the exit of the main process needs. */
export interface ExitReportOptions {
  /** Makes the connection for one attempt. */
  readonly connect: () => GatewayConnection
  readonly sandboxId: string
  readonly instanceId: string
  readonly exitCode: number
  /**
   * Resolves when those who watched the main process have its output, or have had their time. The gateway hears of that too.
   * Absent for a gateway that does not want to: line 0.1 does.
   */
  readonly finalizeAfter?: Promise<unknown> | undefined
  readonly logger: Logger
  /** Whether somebody waits for the end: a gateway whose process is gone is not asked again then. */
  readonly isAwaited: () => boolean
  /** Gives up when it aborts. */
  readonly signal: AbortSignal
}

const LONGEST_CALL_MS = 10_000

/**
 * Tells the gateway how the main process ended, again and again (250 ms, doubled up to 2 s) until it agrees or the signal
 * aborts. Resolves to whether it agreed; never rejects. A gateway that does not know the call is asked once, and so is one that is
 * gone while somebody waits for the end.
 */
export async function reportMainProcessExit(options: ExitReportOptions): Promise<boolean> {
  const { signal, logger, exitCode } = options
  const backoff = new Backoff({ firstMs: 250, longestMs: 2_000 })
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const failure = await attemptReport(options)
    if (!failure) return true
    logger[attempt === 1 ? 'warn' : 'debug']({ exitCode, reason: failure.message }, 'exit report failed')
    if (failure.code === Code.UNIMPLEMENTED || (options.isAwaited() && isRefusedConnection(failure))) return false
    await delay(backoff.next(), undefined, { signal }).catch(() => {})
  }
  logger.warn({ exitCode }, 'the gateway does not know that the main process has ended: it did not answer in time')
  return false
}

/** True when nobody listens at the gateway's address. grpc-js tells that by the system's word for it only. */
function isRefusedConnection({ code, message }: { readonly code?: number; readonly message: string }): boolean {
  return code === Code.UNAVAILABLE && message.includes('ECONNREFUSED')
}

async function attemptReport(options: ExitReportOptions): Promise<{ code?: number; message: string } | undefined> {
  const { connect, sandboxId, instanceId, exitCode, signal } = options
  const connection = connect()
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('gave up')), { once: true })
  })
  try {
    await Promise.race([
      connection.reportMainProcessExit({ sandboxId, instanceId, exitCode, timeoutMs: LONGEST_CALL_MS }),
      aborted,
    ])
    if (options.finalizeAfter) {
      // The exit is known: to be stopped from here on is no failure.
      const stopped = aborted.catch(() => {})
      await Promise.race([options.finalizeAfter, stopped])
      if (!signal.aborted) await Promise.race([finalize(connection, options), stopped])
    }
    return undefined
  } catch (error) {
    return error as Error & { code?: number }
  } finally {
    connection.release()
  }
}

async function finalize(connection: GatewayConnection, options: ExitReportOptions): Promise<void> {
  const { sandboxId, instanceId, logger } = options
  await connection.later.finalizeMainProcessExit(sandboxId, instanceId, LONGEST_CALL_MS).catch((error: Error) => {
    // The exit itself is known: a gateway finishes by itself what it is not told.
    logger.debug({ reason: error.message }, 'exit not finalised')
  })
}
