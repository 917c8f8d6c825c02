import { failedPrecondition } from '../errors/status-error.js'
import type { ResolvedEndpoint } from './resolve-endpoint.js'

/** An endpoint that answered. */
export interface VerifiedEndpoint {
  readonly url: string
  readonly protocol: string
}

const timeoutMs = 30_000

/**
 * Asks a provider's endpoint for the shortest answer of a model, to find out whether the two work together.
 *
 * @throws StatusError FAILED_PRECONDITION that says what to look at when they do not; never with the key.
 */
export async function verifyEndpoint(
  providerName: string,
  modelId: string,
  endpoint: ResolvedEndpoint,
): Promise<VerifiedEndpoint> {
  const anthropic = endpoint.protocols[0] === 'anthropic_messages'
  const url = `${endpoint.baseUrl.replace(/\/+$/, '')}${anthropic ? '/messages' : '/chat/completions'}`
  const headers = anthropic
    ? { 'x-api-key': endpoint.apiKey, 'anthropic-version': '2023-06-01' }
    : { authorization: `Bearer ${endpoint.apiKey}` }
  const body = JSON.stringify({ model: modelId, max_tokens: 1, messages: [{ role: 'user', content: 'ping' }] })
  const problem = await problemOf(url, { ...headers, 'content-type': 'application/json' }, body)
  if (problem) {
    const [details, nextSteps] = problem
    throw failedPrecondition(
      `failed to verify inference endpoint for provider '${providerName}' and model '${modelId}' at ` +
        `'${endpoint.baseUrl}': ${details}. Next steps: ${nextSteps}, or retry with '--no-verify' if you want to skip ` +
        'verification',
    )
  }
  return { url, protocol: endpoint.protocols[0] ?? '' }
}

// What went wrong and what to look at; `undefined` when nothing did.
async function problemOf(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<readonly [string, string] | undefined> {
  let response: Response
  try {
    // Redirects are refused: the key must not follow one to another place.
    const signal = AbortSignal.timeout(timeoutMs)
    response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal })
    await response.body?.cancel()
  } catch {
    return [
      'the endpoint cannot be reached',
      'check that the service is running, and confirm the base URL and protocol',
    ]
  }
  if (response.ok) return undefined
  const details = `the endpoint answered HTTP ${response.status}`
  if (response.status === 401 || response.status === 403) {
    return [details, 'verify the provider API key and any required auth headers']
  }
  if (response.status === 429) return [details, 'retry later or verify quota/limits on the upstream provider']
  if (response.status >= 500) return [details, 'check whether the endpoint is healthy and serving requests']
  return [details, 'confirm the provider type, base URL, and model identifier']
}
