import type { JsonValue } from '@bufbuild/protobuf'
import type { GatewayStore } from '../store/gateway-store.js'
import type { TraceEntry } from './trace-entry.js'

// A shorter one stands in too many texts by chance.
const shortestSecret = 6

/** The secrets that the gateway keeps, so that they show in no trace wherever somebody has written them: in a command, say. */
export class KnownSecrets {
  #store: Pick<GatewayStore, 'providers' | 'providerRefreshes'> | undefined

  /** From now on the credentials of these providers are known, and what they are renewed with. */
  watch(store: Pick<GatewayStore, 'providers' | 'providerRefreshes'>): void {
    this.#store = store
  }

  /** An entry without them. */
  hideIn(entry: TraceEntry): TraceEntry {
    const secrets = this.#values()
    const { request, response, message } = entry
    const texts = JSON.stringify([request, response, message])
    if (!secrets.some((secret) => texts.includes(JSON.stringify(secret).slice(1, -1)))) return entry
    const hide = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, 'REDACTED'), text)
    return {
      ...entry,
      message: hide(message),
      ...(request !== undefined && { request: mapTexts(request, hide) }),
      ...(response !== undefined && { response: mapTexts(response, hide) }),
    }
  }

  #values(): string[] {
    if (!this.#store) return []
    const credentials = this.#store.providers.list().flatMap(({ value }) => Object.values(value.credentials))
    const material = this.#store.providerRefreshes.list().flatMap(({ value }) => Object.values(value.material))
    // The longer ones first, of which a shorter one may be a part.
    return [...new Set([...credentials, ...material])]
      .filter((secret) => secret.length >= shortestSecret)
      .sort((left, right) => right.length - left.length)
  }
}

function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((member) => mapTexts(member, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapTexts(member, change)]))
}
