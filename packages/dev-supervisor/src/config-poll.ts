import { setTimeout as delay } from 'node:timers/promises'
import { status as Code, type ServiceError } from '@grpc/grpc-js'
import { PolicySource } from '@openshell-ts/protocol/v0-0'
import type { Logger } from 'pino'
import type { GatewayConnection } from './gateway-connection.js'
import type { GatewayLine } from './gateway-line.js'

/** What following the sandbox's configuration needs. */
export interface ConfigPollOptions {
  readonly connection: GatewayConnection
  readonly line: GatewayLine
  readonly sandboxId: string
  readonly instanceId: string
  readonly intervalMs: number
  readonly logger: Logger
  /** Ends the polls. */
  readonly signal: AbortSignal
}

/**
 * Reads the sandbox's configuration at once and then in each interval, and reports each new revision of its own policy as
 * loaded, so that clients that wait for one go on. A gateway of line 0.1 hears first that the configuration is accepted, without
 * which it holds the sandbox back. Nothing enforces the policy here. Never rejects; a gateway that does not know the call is not
 * asked again.
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

async function loadRevision(options: ConfigPollOptions, loaded: number): Promise<number> {
  const { connection, sandboxId, logger } = options
  const { version, policySource } = await readConfig(options)
  if (policySource !== PolicySource.SANDBOX || version === 0 || version === loaded) return loaded
  await connection.reportPolicyLoaded(sandboxId, version)
  logger.info({ version }, 'policy read; it is not enforced here')
  return version
}

async function readConfig({ connection, line, sandboxId, instanceId, logger }: ConfigPollOptions) {
  if (line === '0.0') return connection.getSandboxConfig(sandboxId)
  const config = await connection.getLaterConfig(sandboxId)
  const accepted = config.configurationAdmitted && config.configurationInstanceId === instanceId
  if (!accepted) {
    await connection.acceptConfiguration(sandboxId, instanceId, config)
    logger.debug({ version: config.version }, 'configuration accepted')
  }
  return config
}
