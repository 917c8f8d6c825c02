import { REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import { bytes } from '../checks/option-shapes.js'
import { requireArguments } from '../checks/require-arguments.js'
import { OpenShellError } from '../errors/openshell-error.js'
import type { Gateway } from '../transport/gateway.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import type { SshSessionReply } from '../wire/ssh-calls.js'
import { hostKeyHasFingerprint } from './host-key.js'

const LETTERS = {
  sandboxId: /^[A-Za-z0-9._-]{1,128}$/,
  token: /^[A-Za-z0-9._~+/=-]{1,4096}$/,
  gatewayHost: /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}))$/,
  gatewayScheme: /^https?$/,
  hostKeyFingerprint: /^[A-Za-z0-9:+/=-]{0,1024}$/,
}

/**
 * Permission to reach a sandbox through the gateway: its SSH server, and ports on its loopback. Disposing revokes it; connections
 * that are open go on. The token stands in `token` alone: neither JSON nor `inspect` shows it.
 */
export class SshSession implements AsyncDisposable {
  /** Id of the sandbox. */
  readonly sandboxId: string
  /** Where the gateway says that it listens; a loopback address is its own, which may not be yours. */
  readonly gatewayHost: string
  readonly gatewayPort: number
  readonly gatewayScheme: 'http' | 'https'
  /** Fingerprint of the sandbox's host key, such as `SHA256:…`; absent when the gateway knows none, as on line 0.0. */
  readonly hostKeyFingerprint?: string
  /** When it ends by itself; absent when it does not. */
  readonly expiresAt?: Date
  readonly #gateway: Gateway
  readonly #sandboxName: string
  readonly #token: string

  /** @internal Sessions come from `sandbox.ssh.createSession`. */
  constructor(gateway: Gateway, { id, name }: SandboxAddress, reply: SshSessionReply) {
    const problem = findProblem(reply, id)
    if (problem !== undefined) throw untrusted(problem, name)
    this.sandboxId = reply.sandboxId
    this.gatewayHost = reply.gatewayHost
    this.gatewayPort = reply.gatewayPort
    this.gatewayScheme = reply.gatewayScheme === 'https' ? 'https' : 'http'
    if (reply.hostKeyFingerprint !== '') this.hostKeyFingerprint = reply.hostKeyFingerprint
    if (reply.expiresAt) this.expiresAt = reply.expiresAt
    this.#gateway = gateway
    this.#sandboxName = name
    this.#token = reply.token
  }

  /** The secret that opens connections. At most three at a time. */
  get token(): string {
    return this.#token
  }

  /** True when the session has ended by itself, by this machine's clock. */
  get expired(): boolean {
    return this.expiresAt !== undefined && this.expiresAt.getTime() <= Date.now()
  }

  /**
   * Whether a host key, in the form in which SSH sends it, is the sandbox's; undefined when the gateway knows no fingerprint, as on
   * line 0.0. For the host verifier of an SSH client.
   */
  matchesHostKey(key: Uint8Array): boolean | undefined {
    requireArguments('session.matchesHostKey', { key: [key, bytes] })
    const { hostKeyFingerprint } = this
    return hostKeyFingerprint === undefined ? undefined : hostKeyHasFingerprint(key, hostKeyFingerprint)
  }

  /** Ends the session for new connections. Doing so again changes nothing, and neither does one that is gone already. */
  async revoke(options: RequestOptions = {}): Promise<void> {
    checkOptions('session.revoke', options, REQUEST_OPTIONS)
    await this.#revoke(this.#gateway, options)
  }

  /** Revokes it, also when the signal of a derived client has aborted. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#revoke(this.#gateway.unbounded, {})
  }

  async #revoke(gateway: Gateway, { signal }: RequestOptions): Promise<void> {
    const scope = { rpc: 'RevokeSshSession', sandboxName: this.#sandboxName, signal }
    await gateway.read(scope, (codec, call) => codec.ssh.revoke(this.#token, call))
  }
}

// The reply ends up in command lines and configuration files of SSH clients, so that it holds what it must hold and nothing else.
function findProblem(reply: SshSessionReply, sandboxId: string): string | undefined {
  for (const [field, letters] of Object.entries(LETTERS)) {
    if (!letters.test(reply[field as keyof typeof LETTERS])) return `${field} is not of the expected form`
  }
  if (!Number.isInteger(reply.gatewayPort) || reply.gatewayPort < 1 || reply.gatewayPort > 65_535) {
    return 'gatewayPort is no port'
  }
  return reply.sandboxId === sandboxId ? undefined : 'sandboxId is that of another sandbox'
}

function untrusted(problem: string, sandboxName: string): OpenShellError {
  return new OpenShellError({
    kind: 'internal',
    message: `CreateSshSession: the reply cannot be trusted: ${problem}.`,
    hint: 'Check that the endpoint is the OpenShell gateway that you mean.',
    rpc: 'CreateSshSession',
    sandboxName,
    attempts: 1,
    dispatched: true,
  })
}
