import type { DriverConfigEnvelope } from '@openshell-ts/driver-config/envelope'
import type { ClientContext } from '../calls/client-context.js'
import type { ActiveDriverFinder } from './active-driver.js'
import type { TypedParts } from './kubernetes-advice.js'
import { type LintOptions, type PreparedDriverConfig, prepareDriverConfig } from './prepare-driver-config.js'
import type { SandboxWarning } from './sandbox-warning.js'

/** The key of the Kubernetes driver that comes with OpenShell. */
const KUBERNETES = 'kubernetes'

/** Options of `prepareEnvelope`. */
export interface PrepareEnvelopeOptions extends LintOptions {
  /** The rest of the spec that the envelope is a part of. @default {} */
  readonly beside?: TypedParts | undefined
  readonly signal?: AbortSignal | undefined
}

/** Finds the active driver and encodes an envelope for it; undefined for an envelope with nothing in it. */
export async function prepareEnvelope(
  context: ClientContext,
  activeDriver: ActiveDriverFinder,
  envelope: DriverConfigEnvelope | undefined,
  options: PrepareEnvelopeOptions,
): Promise<PreparedDriverConfig | undefined> {
  if (envelope === undefined || Object.keys(envelope).length === 0) return undefined
  const prepared = prepareDriverConfig(envelope, await activeDriver.find(context, options.signal), options)
  const advice = await adviceWarnings(prepared, options.beside)
  return { ...prepared, warnings: [...prepared.warnings, ...advice] }
}

// What nobody would say otherwise, unless another driver is known to be active.
async function adviceWarnings(
  { json, activeDriver = KUBERNETES }: PreparedDriverConfig,
  beside: TypedParts = {},
): Promise<SandboxWarning[]> {
  const block = activeDriver === KUBERNETES && Object.hasOwn(json, KUBERNETES) ? json[KUBERNETES] : undefined
  if (typeof block !== 'object' || block === null || Array.isArray(block)) return []
  // Most programs have no block for it.
  const { kubernetesAdvice } = await import('./kubernetes-advice.js')
  return kubernetesAdvice(block, beside).map(({ path, message }) => ({
    type: 'block-advice',
    message: `${KUBERNETES}: ${path} ${message}`,
    driverName: KUBERNETES,
    path,
  }))
}
