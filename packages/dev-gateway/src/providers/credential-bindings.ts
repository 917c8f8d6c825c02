import { createHash } from 'node:crypto'
import type { NetworkEndpoint, ProviderProfileCredential } from '@openshell-ts/protocol/v0-0'
import type { ProviderRecord } from '../records/provider.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { findProfile } from './profile-catalog.js'
import { providerEnvironment } from './provider-environment.js'

/** Where one credential may go. */
export interface CredentialBinding {
  readonly endpoints: { readonly host: string; readonly port: number; readonly path: string }[]
  /** Says which provider's credential it is, and changes with it; tells nothing about its value. */
  readonly credentialIdentity: string
}

/** Where each variable of attached providers may go, by variable. Providers without a profile bind theirs to nothing. */
export function credentialBindings(
  store: GatewayStore,
  providers: readonly ProviderRecord[],
): Record<string, CredentialBinding> {
  const bindings: Record<string, CredentialBinding> = {}
  for (const provider of providers) {
    const profile = findProfile(store, provider.value.type, provider.value.profileWorkspace)
    const endpoints = profile?.value.endpoints.flatMap(destinations) ?? []
    if (endpoints.length === 0) continue
    for (const variable of Object.keys(providerEnvironment(store, [provider]).environment)) {
      bindings[variable] = { endpoints, credentialIdentity: identity(provider, variable) }
    }
  }
  return bindings
}

/** The credentials that a supervisor obtains for each request, by their names in the profiles of attached providers. */
export function dynamicCredentials(
  store: GatewayStore,
  providers: readonly ProviderRecord[],
): Record<string, ProviderProfileCredential> {
  const credentials: Record<string, ProviderProfileCredential> = {}
  for (const { value } of providers) {
    const profile = findProfile(store, value.type, value.profileWorkspace)
    for (const credential of profile?.value.credentials ?? []) {
      if (credential.tokenGrant) credentials[credential.name] = credential
    }
  }
  return credentials
}

function destinations({ host, port, ports, path }: NetworkEndpoint): CredentialBinding['endpoints'] {
  return (ports.length > 0 ? ports : [port]).map((one) => ({ host, port: one, path }))
}

function identity({ id, resourceVersion }: ProviderRecord, variable: string): string {
  return createHash('sha256').update(`${id}\n${resourceVersion}\n${variable}`).digest('hex')
}
