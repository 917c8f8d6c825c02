import type { ClientContext } from '../calls/client-context.js'
import type { RequestOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import { createSshSession } from './create-ssh-session.js'
import type { SshSession } from './ssh-session.js'

/** Lets SSH clients into a sandbox that is ready. */
export class Ssh {
  readonly #context: ClientContext
  readonly #address: SandboxAddress

  /** @internal Comes with a `Sandbox`. */
  constructor(context: ClientContext, address: SandboxAddress) {
    this.#context = context
    this.#address = address
  }

  /**
   * Creates a session; dispose it to revoke it. Throws kind `failed-precondition` while the sandbox is not ready, and `internal` for
   * a reply that no SSH client could be given safely.
   */
  async createSession(options: RequestOptions = {}): Promise<SshSession> {
    checkOptions('ssh.createSession', options, ['signal'])
    return createSshSession(this.#context.gateway, this.#address, options.signal)
  }
}
