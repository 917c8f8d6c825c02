import { join } from 'node:path'
import type { TokenProvider } from '../auth/client-auth.js'
import { discoveryError, loginHint } from './discovery-error.js'
import type { SecretFiles } from './secret-files.js'

/** Gives the token of the edge that a login left, and reads it again when the edge refuses it. */
export function createStoredEdgeProvider(folder: string, name: string, files: SecretFiles): TokenProvider {
  const path = join(folder, 'edge_token')
  let held: string | undefined
  return async ({ forceRefresh }) => {
    if (held !== undefined && !forceRefresh) return held
    // Logins of earlier releases left it under another name.
    held = (await files.read(path)) ?? (await files.read(join(folder, 'cf_token')))
    if (held === undefined) {
      const problem = 'holds no token'
      throw discoveryError({ kind: 'unauthenticated', path, problem, hint: loginHint(name) })
    }
    return held
  }
}
