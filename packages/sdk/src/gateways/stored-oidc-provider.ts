import type { TokenProvider } from '../auth/client-auth.js'
import { isExpiring } from '../auth/oidc-client.js'
import { requestTokens } from '../auth/request-tokens.js'
import type { OpenShellError } from '../errors/openshell-error.js'
import type { Logger } from '../transport/logger.js'
import { discoveryError, loginHint } from './discovery-error.js'
import { withFileLock } from './file-lock.js'
import { readStoredTokens, type StoredTokens, type TokenFile, writeStoredTokens } from './stored-tokens.js'

/** How stored tokens are renewed. */
export interface StoredOidcOptions {
  readonly scopes: readonly string[]
  readonly audience: string | undefined
  /** Gets tokens where no refresh token was left. */
  readonly clientSecret: string | undefined
  readonly logger: Logger | undefined
}

/**
 * Gives the token that a login left, renewed before it expires and when it was refused. The file is shared with the command line
 * tool and other processes: it is read again first, and what another one has renewed is used.
 */
export function createStoredOidcProvider(file: TokenFile, options: StoredOidcOptions): TokenProvider {
  let held: StoredTokens | undefined
  return async ({ forceRefresh, signal }) => {
    if (held && !forceRefresh && !isExpiring(held, Date.now())) return held.accessToken
    const given = held
    held = await withFileLock(file.path, async () => {
      const stored = await readStoredTokens(file)
      if (!stored) throw loginNeeded(file, 'holds no token')
      const refused = forceRefresh && stored.accessToken === given?.accessToken
      return refused || isExpiring(stored, Date.now()) ? renew(file, stored, { ...options, signal }) : stored
    })
    return held.accessToken
  }
}

interface Renewal extends StoredOidcOptions {
  readonly signal: AbortSignal
}

async function renew(file: TokenFile, stored: StoredTokens, options: Renewal): Promise<StoredTokens> {
  const { scopes, audience, clientSecret, signal } = options
  const { refreshToken, issuer, clientId } = stored
  if (refreshToken === undefined && clientSecret === undefined) {
    throw loginNeeded(file, 'holds a token that has expired or was refused, and none to renew it with')
  }
  const answer = await requestTokens({ issuer, clientId, clientSecret, scopes, audience }, refreshToken, signal)
  if (answer.type === 'failed') throw loginNeeded(file, `cannot be renewed: its issuer ${answer.problem}`)
  const present = await readStoredTokens(file)
  const changed = present !== undefined && present.accessToken !== stored.accessToken
  if (answer.type === 'invalid-grant') {
    if (changed) return present
    throw loginNeeded(file, 'holds a refresh token that the issuer does not accept any more')
  }
  const tokens = { ...answer.tokens, refreshToken: answer.tokens.refreshToken ?? refreshToken, issuer, clientId }
  // A file that is gone is a logout, and one that has changed a login: neither is undone.
  if (present && !changed) await keep(file.path, tokens, options.logger)
  return tokens
}

async function keep(path: string, tokens: StoredTokens, logger: Logger | undefined): Promise<void> {
  try {
    await writeStoredTokens(path, tokens)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    logger?.warn(`The renewed token could not be written to ${path} (${code}); this process goes on with it.`)
  }
}

function loginNeeded({ path, name }: TokenFile, problem: string): OpenShellError {
  return discoveryError({ kind: 'unauthenticated', path, problem, hint: loginHint(name) })
}
