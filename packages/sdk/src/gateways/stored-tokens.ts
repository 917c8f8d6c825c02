import { setTimeout as sleep } from 'node:timers/promises'
import type { OidcTokens } from '../auth/oidc-client.js'
import { parseJsonObject, textAt } from './config-file.js'
import { discoveryError, loginHint } from './discovery-error.js'
import type { SecretFiles } from './secret-files.js'

/** What a login left in `oidc_token.json`. */
export interface StoredTokens extends OidcTokens {
  readonly issuer: string
  readonly clientId: string
}

/** Where the tokens of a gateway are. */
export interface TokenFile {
  readonly path: string
  /** Name of the gateway, for advice. */
  readonly name: string
  readonly files: SecretFiles
}

// The command line tool writes in place, so that a reader may find half of it, or nothing.
const WRITE_MS = 50

/** Reads the tokens; absent when the file or one of its required keys is missing, as the command line tool has it. */
export async function readStoredTokens(file: TokenFile): Promise<StoredTokens | undefined> {
  const text = await file.files.read(file.path)
  const values = (text === undefined ? undefined : parseJsonObject(text)) ?? (await readAgain(file))
  const [accessToken, issuer, clientId] = ['access_token', 'issuer', 'client_id'].map((key) => textAt(values, key))
  if (accessToken === undefined || issuer === undefined || clientId === undefined) return undefined
  const expiresAt = values['expires_at']
  return {
    accessToken,
    issuer,
    clientId,
    refreshToken: textAt(values, 'refresh_token'),
    expiresAtMs: typeof expiresAt === 'number' && Number.isFinite(expiresAt) ? expiresAt * 1_000 : undefined,
  }
}

async function readAgain({ path, name, files }: TokenFile): Promise<Readonly<Record<string, unknown>>> {
  await sleep(WRITE_MS)
  const values = parseJsonObject((await files.read(path)) ?? '{}')
  if (values) return values
  throw discoveryError({ kind: 'unauthenticated', path, problem: 'is no JSON object', hint: loginHint(name) })
}

/** Replaces the file at once, open to its owner only. A reader finds the old tokens or the new ones, never a part. */
export async function writeStoredTokens(path: string, tokens: StoredTokens): Promise<void> {
  const { accessToken, refreshToken, expiresAtMs, issuer, clientId } = tokens
  const content = {
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(expiresAtMs !== undefined && { expires_at: Math.floor(expiresAtMs / 1_000) }),
    issuer,
    client_id: clientId,
  }
  const { default: writeFileAtomic } = await import('write-file-atomic')
  await writeFileAtomic(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
}
