import { CallCredentials } from './call-credentials.js'
import { bearerCarrier, edgeCarrier, tunnelCarrier } from './carrier.js'
import type { ClientAuth, TokenOrigin, TokenProvider } from './client-auth.js'
import { createOidcProvider } from './oidc-provider.js'

/** What sends the credential of option `auth` with each call; absent when nothing is sent. */
export function createCallCredentials(auth: ClientAuth): CallCredentials | undefined {
  switch (auth.type) {
    case 'none':
    case 'mtls':
      return undefined
    case 'bearer':
      return new CallCredentials(bearerCarrier, providerOf(auth))
    case 'oidc':
      return new CallCredentials(bearerCarrier, createOidcProvider(auth))
    case 'edge':
      return new CallCredentials(auth.tunnel ? tunnelCarrier : edgeCarrier, providerOf(auth))
  }
}

function providerOf({ token, getToken }: TokenOrigin): TokenProvider {
  return getToken ?? (() => token)
}
