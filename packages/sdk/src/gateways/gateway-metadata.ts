import { type Endpoint, parseEndpoint } from '../transport/endpoint.js'
import { parseJsonObject, textAt } from './config-file.js'
import { discoveryError } from './discovery-error.js'

const AUTH_MODES = ['mtls', 'plaintext', 'cloudflare_jwt', 'oidc'] as const

/** How a gateway wants to be logged in to. */
export type AuthMode = (typeof AUTH_MODES)[number]

/** What the command line tool knows of a gateway, as far as a client needs it. */
export interface GatewayMetadata {
  readonly endpoint: Endpoint
  /** Absent when the file does not say. */
  readonly authMode: AuthMode | undefined
  readonly oidcScopes: readonly string[]
  readonly oidcAudience: string | undefined
}

/** Reads the text of a `metadata.json`. Only the endpoint is required, and keys that are not known here are ignored. */
export function parseGatewayMetadata(text: string, path: string): GatewayMetadata {
  const values = parseJsonObject(text)
  if (!values) throw unusable(path, 'is no JSON object')
  const endpoint = textAt(values, 'gateway_endpoint')
  if (endpoint === undefined) throw unusable(path, 'has no gateway_endpoint')
  const authMode = values['auth_mode'] ?? undefined
  if (authMode !== undefined && !isAuthMode(authMode)) {
    throw unusable(path, `has an auth_mode that is none of ${AUTH_MODES.join(', ')}`)
  }
  return {
    endpoint: parseEndpoint(withoutSlashes(endpoint), `${path}, gateway_endpoint`),
    authMode,
    oidcScopes: textAt(values, 'oidc_scopes')?.split(/\s+/) ?? [],
    oidcAudience: textAt(values, 'oidc_audience'),
  }
}

/** An endpoint as people write it, without the slashes that may end it. */
export function withoutSlashes(endpoint: string): string {
  return endpoint.startsWith('unix:') ? endpoint : endpoint.replace(/(?<=[^/])\/+$/, '')
}

function isAuthMode(value: unknown): value is AuthMode {
  return AUTH_MODES.some((mode) => mode === value)
}

function unusable(path: string, problem: string) {
  return discoveryError({ path, problem, hint: 'Add the gateway again: openshell gateway add' })
}
