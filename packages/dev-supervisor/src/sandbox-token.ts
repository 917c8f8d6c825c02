import { readFile } from 'node:fs/promises'
import { status as Code, Metadata } from '@grpc/grpc-js'
import { SupervisorError } from './supervisor-error.js'

/**
 * Where the sandbox token comes from: the token itself, a file that holds it (white space around it is ignored), or a file with a
 * credential of the workload's own, for which the gateway gives a token when its driver knows it.
 */
export type SandboxTokenSource =
  | { readonly token: string }
  | { readonly tokenFile: string }
  | { readonly credentialFile: string }

/** The sandbox token, kept in memory only. Printing or serialising it shows nothing. */
export class SandboxToken {
  #value: string

  /** @throws SupervisorError of kind `token` when the text cannot be a token. */
  constructor(value: string) {
    this.#value = checkToken(value)
  }

  /** The value of the header that every call carries. */
  authorization(): string {
    return `Bearer ${this.#value}`
  }

  /** The metadata that every call carries. */
  metadata(): Metadata {
    const metadata = new Metadata()
    metadata.set('authorization', this.authorization())
    return metadata
  }

  /** Uses another token for the calls that start from now on. */
  replace(value: string): void {
    this.#value = checkToken(value)
  }

  /** When the token expires, in milliseconds since the epoch; `undefined` when it never does or says nothing readable. */
  expiresAtMs(): number | undefined {
    const [, payload] = this.#value.split('.')
    if (payload === undefined) return undefined
    try {
      const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
      const seconds: unknown = typeof claims === 'object' && claims !== null ? Reflect.get(claims, 'exp') : undefined
      return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined
    } catch {
      return undefined
    }
  }

  /** Spreads the renewals of many sandboxes: a whole number from 0 to 9 that depends on the token only. */
  spread(): number {
    return this.authorization().length % 10
  }
}

/**
 * Reads the token once; `exchange` asks the gateway for one.
 *
 * @throws SupervisorError of kind `token`, which names the file and never its content.
 */
export async function readSandboxToken(
  source: SandboxTokenSource,
  exchange: (credential: SandboxToken) => Promise<string>,
): Promise<SandboxToken> {
  if ('token' in source) return new SandboxToken(source.token)
  if ('tokenFile' in source) {
    return readFrom(source.tokenFile, 'sandbox token', 'OPENSHELL_SANDBOX_TOKEN_FILE at the file with the token')
  }
  const { credentialFile } = source
  const credential = await readFrom(
    credentialFile,
    'credential',
    'OPENSHELL_K8S_SA_TOKEN_FILE at the file with the credential',
  )
  try {
    return new SandboxToken(await exchange(credential))
  } catch (cause) {
    // Not the text: nothing tells what a gateway or its driver puts into it.
    const code = Code[(cause as { readonly code?: number }).code ?? Code.UNKNOWN] ?? 'UNKNOWN'
    throw new SupervisorError({
      kind: 'token',
      message: `The gateway gives no sandbox token for the credential in ${credentialFile} (${code}). Its driver must know the credential, and support the authentication of sandboxes.`,
      cause,
    })
  }
}

async function readFrom(path: string, what: string, advice: string): Promise<SandboxToken> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new SupervisorError({
      kind: 'token',
      message: `The ${what} file ${path} cannot be read (${code}). Point ${advice}.`,
      cause,
    })
  }
  return new SandboxToken(text)
}

function checkToken(text: string): string {
  const token = text.trim()
  // Anything else would be refused by the HTTP/2 library, with the value in its message.
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new SupervisorError({
    kind: 'token',
    message:
      token === ''
        ? 'The sandbox token is empty. Give the token that the gateway issued for this sandbox.'
        : 'The sandbox token contains characters that no token has. Give the token that the gateway issued for this sandbox, alone in its file.',
  })
}
