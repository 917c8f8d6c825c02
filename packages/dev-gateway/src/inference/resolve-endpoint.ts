import { invalidArgument } from '../errors/status-error.js'
import type { ProviderRecord } from '../records/provider.js'
import { modelProviderOf, modelProviderTypes } from './model-providers.js'

/** What is needed to call a provider's endpoint. */
export interface ResolvedEndpoint {
  readonly providerType: string
  readonly baseUrl: string
  readonly protocols: readonly string[]
  /** A secret. */
  readonly apiKey: string
}

/**
 * Finds out how a provider's endpoint is called.
 *
 * @throws StatusError INVALID_ARGUMENT for a provider that serves no models, or that has no key.
 */
export function resolveEndpoint({ name, value }: ProviderRecord): ResolvedEndpoint {
  const providerType = value.type.trim().toLowerCase()
  const known = modelProviderOf(providerType)
  if (!known) {
    throw invalidArgument(
      `provider '${name}' has unsupported type '${providerType}' for cluster inference ` +
        `(supported: ${modelProviderTypes.join(', ')})`,
    )
  }
  const apiKey = firstText([known.keyName, ...Object.keys(value.credentials).sort()], value.credentials)
  if (apiKey === undefined) throw invalidArgument(`provider '${name}' has no usable API key credential`)
  const baseUrl = firstText([known.baseUrlName], value.config) ?? known.baseUrl
  return { providerType, baseUrl: baseUrl.trim(), protocols: known.protocols, apiKey }
}

function firstText(names: readonly string[], texts: Readonly<Record<string, string>>): string | undefined {
  return names.map((name) => texts[name]).find((text) => text !== undefined && text.trim() !== '')
}
