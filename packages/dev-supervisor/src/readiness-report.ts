import { status as Code, type ServiceError } from '@grpc/grpc-js'
import { ProviderReadinessReason as Reason } from '@openshell-ts/protocol/v0-1'
import type { Logger } from 'pino'
import { isRefusal } from './is-refusal.js'
import type { ReadinessObservation } from './later-gateway.js'
import type { InstalledProviders } from './provider-environment.js'

/** What reporting on providers needs. */
export interface ReadinessReportOptions {
  /** Tells the gateway, and resolves to when it wants to hear it again, in milliseconds; 0 when it does not say. */
  readonly send: (observation: ReadinessObservation) => Promise<number>
  readonly sessionId: string
  readonly instanceId: string
  readonly logger: Logger
  /** Ends the reports. */
  readonly signal: AbortSignal
}

/** What holds in the sandbox: its providers, and the configuration that was accepted last. */
export interface SandboxState {
  readonly providers: InstalledProviders
  readonly configRevision: bigint
  readonly policyHash: string
}

const DEFAULT_INTERVAL_MS = 10_000
const SHORTEST_INTERVAL_MS = 1_000

/** Tells a gateway of line 0.1 what is installed: at once when that changes, and again before the last report is too old. */
export class ReadinessReport {
  readonly #options: ReadinessReportOptions
  #state: SandboxState | undefined
  #sequence = 0n
  /** What the gateway knows, as text. */
  #known: string | undefined
  #timer: NodeJS.Timeout | undefined
  #isRefused = false

  constructor(options: ReadinessReportOptions) {
    this.#options = options
    options.signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true })
  }

  /** Tells the gateway, unless it knows. Never rejects. */
  async update(state: SandboxState): Promise<void> {
    this.#state = state
    if (this.#known !== textOf(state)) await this.#send(state)
  }

  async #send(state: SandboxState): Promise<void> {
    const { signal, send, sessionId, instanceId, logger } = this.#options
    if (this.#isRefused || signal.aborted) return
    this.#sequence += 1n
    const sequence = this.#sequence
    let waitMs = 0
    try {
      waitMs = await send({ sessionId, sequence, processInstanceId: instanceId, ...observe(state) })
      this.#known = textOf(state)
    } catch (error) {
      this.#known = undefined
      this.#isRefused = isRefusal(error)
      const code = Code[(error as Partial<ServiceError>).code ?? Code.UNKNOWN]
      if (!signal.aborted) logger.debug({ code }, 'what is installed of the providers was not reported')
    }
    this.#repeatAfter(Math.max(waitMs || DEFAULT_INTERVAL_MS, SHORTEST_INTERVAL_MS))
  }

  #repeatAfter(waitMs: number): void {
    clearTimeout(this.#timer)
    if (this.#isRefused || this.#options.signal.aborted) return
    this.#timer = setTimeout(() => {
      if (this.#state) void this.#send(this.#state)
    }, waitMs).unref()
  }
}

/** What is said of a state. Nothing enforces a policy here, so that each one that is accepted counts as active. */
export function observe({ providers, configRevision, policyHash }: SandboxState): ReadinessObservation {
  const { revision, attachmentEpoch, allVariables, allFiles } = providers
  return {
    attachmentEpoch,
    providerEnvRevision: revision,
    configRevision,
    policyHash,
    credentialsInstalled: allVariables,
    policyActive: true,
    launchEnvironmentInstalled: allFiles,
    reason: failureOf(providers),
  }
}

function failureOf({ allVariables, allFiles }: InstalledProviders): Reason {
  if (!allVariables) return Reason.CREDENTIAL_INSTALL_FAILED
  return allFiles ? Reason.UNSPECIFIED : Reason.PROCESS_INSTALL_FAILED
}

function textOf({ providers, configRevision, policyHash }: SandboxState): string {
  const { revision, attachmentEpoch, allVariables, allFiles } = providers
  return JSON.stringify([String(revision), attachmentEpoch, allVariables, allFiles, String(configRevision), policyHash])
}
