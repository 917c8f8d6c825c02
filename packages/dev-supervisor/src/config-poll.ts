import { setTimeout as delay } from 'node:timers/promises'
import { status as Code, type ServiceError } from '@grpc/grpc-js'
import { PolicySource } from '@openshell-ts/protocol/v0-0'
import type { Logger } from 'pino'
import type { GatewayConnection } from './gateway-connection.js'

/** What following the sandbox's configuration needs. */
export interface ConfigPollOptions {
  readonly connection: GatewayConnection
  readonly sandboxId: string
  readonly intervalMs: number
  readonly logger: Logger
  /** Ends the polls. */
  readonly signal: AbortSignal
}

/**
 * Reads the sandbox's configuration at once and then in each interval, and reports each new revision of its own policy as
 * loaded, so that clients that wait for one go on. Nothing enforces the policy here. Never rejects; a gateway that does not
 * know the call is not asked again.
 */
export async function followConfig(options: ConfigPollOptions): Promise<void> {
  const { intervalMs, logger, signal } = options
  let loaded = 0
  while (!signal.aborted) {
    try {
      loaded = await loadRevision(options, loaded)
    } catch (error) {
      const { code, message } = error as ServiceError
      if (code === Code.UNIMPLEMENTED) return
      if (!signal.aborted) logger.debug({ reason: message }, 'the configuration was not read; trying again')
    }
    await delay(intervalMs, undefined, { signal, ref: false }).catch(() => {})
  }
}

async function loadRevision({ connection, sandboxId, logger }: ConfigPollOptions, loaded: number): Promise<number> {
  const { version, policySource } = await connection.getSandboxConfig(sandboxId)
  if (policySource !== PolicySource.SANDBOX || version === 0 || version === loaded) return loaded
  await connection.reportPolicyLoaded(sandboxId, version)
  logger.info({ version }, 'policy read; it is not enforced here')
  return version
}
