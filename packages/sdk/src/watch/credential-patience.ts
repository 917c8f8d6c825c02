import type { OpenShellError } from '../errors/openshell-error.js'

/** Tells the end of a token, after which a stream goes on with a newer one, from a refusal. */
export class CredentialPatience {
  #events = 0
  #renewed = false

  /** An event arrived. The first one of a stream comes in any case; one after it shows that the stream lives. */
  heard(): void {
    this.#events += 1
    if (this.#events > 1) this.#renewed = false
  }

  /** True once after an event, for a refusal in the middle of a stream. */
  mayHaveExpired({ kind }: OpenShellError): boolean {
    const expired = kind === 'unauthenticated' && this.#events > 0 && !this.#renewed
    this.#events = 0
    this.#renewed = expired
    return expired
  }
}
