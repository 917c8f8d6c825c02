import { setTimeout as delay } from 'node:timers/promises'
import { status as Code, type ServiceError } from '@grpc/grpc-js'
import { type GetSandboxConfigResponse, PolicySource } from '@openshell-ts/protocol/v0-0'
import type { Logger } from 'pino'
import type { GatewayConnection } from './gateway-connection.js'
import type { GatewayLine } from './gateway-line.js'
import { LaterConfig } from './later-config.js'
import type { ProviderEnvironment, ProviderState } from './provider-environment.js'
import { ReadinessReport } from './readiness-report.js'

/** What following the sandbox's configuration needs. */
export interface ConfigPollOptions {
  readonly connection: GatewayConnection
  readonly line: GatewayLine
  readonly sandboxId: string
  /** Its name; absent when the launch told none. */
  readonly sandboxName?: string | undefined
  readonly sessionId: string
  readonly instanceId: string
  readonly providers: ProviderEnvironment
  readonly intervalMs: number
  readonly logger: Logger
  /** Ends the polls. */
  readonly signal: AbortSignal
}

/** What both lines say of a configuration, as far as it matters here. */
type ReadConfig = Pick<GetSandboxConfigResponse, 'version' | 'policySource'>

const CALL_TIMEOUT_MS = 10_000

/**
 * Reads the sandbox's configuration at once and then in each interval. When it names other variables of providers, those are
 * installed. Each new revision of the sandbox's own policy is reported as loaded, so that clients that wait for one go on; nothing
 * enforces it here. A gateway of line 0.1 hears first that the configuration is accepted, without which it holds the sandbox back,
 * and what is installed of the providers. Never rejects; a gateway that does not know the call is not asked again.
 */
export async function followConfig(options: ConfigPollOptions): Promise<void> {
  const { connection, sandboxId, intervalMs, logger, signal } = options
  const read = options.line === '0.0' ? earlierReader(options) : laterReader(options)
  let loaded = 0
  while (!signal.aborted) {
    try {
      const { version, policySource } = await read()
      if (policySource === PolicySource.SANDBOX && version !== 0 && version !== loaded) {
        await connection.reportPolicyLoaded(sandboxId, version)
        logger.info({ version }, 'policy read; it is not enforced here')
        loaded = version
      }
    } catch (error) {
      const { code, message } = error as ServiceError
      if (code === Code.UNIMPLEMENTED) return
      if (!signal.aborted) logger.debug({ reason: message }, 'the configuration was not read; trying again')
    }
    await delay(intervalMs, undefined, { signal, ref: false }).catch(() => {})
  }
}

function earlierReader(options: ConfigPollOptions): () => Promise<ReadConfig> {
  const { connection, sandboxId } = options
  const install = providerInstaller(options)
  return async () => {
    const config = await connection.getSandboxConfig(sandboxId)
    await install({ revision: config.providerEnvRevision, attachmentEpoch: '' })
    return config
  }
}

function laterReader(options: ConfigPollOptions): () => Promise<ReadConfig> {
  const { connection, sandboxId, sandboxName, sessionId, instanceId, providers, logger, signal } = options
  const { later } = connection
  const own = new LaterConfig({
    read: (reference) => later.getSandboxConfig(reference, CALL_TIMEOUT_MS),
    ...{ sandboxId, sandboxName, logger },
  })
  const readiness = new ReadinessReport({
    send: (observation) => later.reportProviderReadiness(sandboxId, observation, CALL_TIMEOUT_MS),
    ...{ sessionId, instanceId, logger, signal },
  })
  const install = providerInstaller(options)
  return async () => {
    const config = await own.read()
    const { providerEnvRevision, providerAttachmentEpoch, configRevision, policyHash } = config
    await install({ revision: providerEnvRevision, attachmentEpoch: providerAttachmentEpoch })
    if (!config.configurationAdmitted || config.configurationInstanceId !== instanceId) {
      await later.acceptConfiguration(sandboxId, instanceId, config, CALL_TIMEOUT_MS)
      logger.debug({ version: config.version }, 'configuration accepted')
    }
    const { installed } = providers
    if (installed) await readiness.update({ providers: installed, configRevision, policyHash })
    return config
  }
}

// A gateway that refuses is asked again in the next session only.
function providerInstaller({ connection, sandboxId, providers }: ConfigPollOptions) {
  let isServed = true
  return async (wanted: ProviderState): Promise<void> => {
    if (!isServed || !providers.differsFrom(wanted)) return
    isServed = await providers.update(() => connection.getProviderEnvironment(sandboxId, CALL_TIMEOUT_MS))
  }
}
