import { randomUUID } from 'node:crypto'
import { status } from '@grpc/grpc-js'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { StatusError } from '../errors/status-error.js'
import type { SandboxStore } from '../store/sandbox-store.js'

/** A token that opens forwards into one sandbox. */
export interface SshSession {
  /** A UUID; whoever has it may open forwards. */
  readonly token: string
  readonly sandboxId: string
  /** Milliseconds since 1970; 0 means never. */
  readonly expiresAtMs: number
}

/** What the sessions need. */
export interface SshSessionsOptions {
  readonly sandboxes: SandboxStore
  /** Life of a session in seconds; 0 means that it never expires. */
  readonly lifetimeSeconds: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

interface KeptSession extends SshSession {
  revoked: boolean
  forwards: number
}

const forwardsPerSession = 3
const forwardsPerSandbox = 20
// How long an expired or revoked session is still known, and answers as one.
const keptMs = 3_600_000

/** The SSH sessions that clients have opened. They end with the stop or the removal of their sandbox, and with the gateway. */
export class SshSessions {
  readonly #options: SshSessionsOptions
  readonly #sessions = new Map<string, KeptSession>()
  readonly #forwards = new Map<string, number>()
  readonly #followed = new Set<string>()

  constructor(options: SshSessionsOptions) {
    this.#options = options
  }

  /** Opens a session of a sandbox that exists. */
  create(sandboxId: string): SshSession {
    const { now, lifetimeSeconds } = this.#options
    this.#reap()
    this.#follow(sandboxId)
    const expiresAtMs = lifetimeSeconds === 0 ? 0 : now() + lifetimeSeconds * 1000
    const session = { token: randomUUID(), sandboxId, expiresAtMs, revoked: false, forwards: 0 }
    this.#sessions.set(session.token, session)
    return session
  }

  /** The sandbox of a session; `undefined` for a token that is not known. */
  sandboxOf(token: string): string | undefined {
    return this.#sessions.get(token)?.sandboxId
  }

  /** Revokes a session: it opens nothing more, what is open goes on. Answers `false` for a token that is not known. */
  revoke(token: string): boolean {
    const session = this.#sessions.get(token)
    if (session) session.revoked = true
    return session !== undefined
  }

  /**
   * Takes a place for one forward into a sandbox. Returns what gives it back.
   *
   * @throws StatusError UNAUTHENTICATED for a token that does not open this sandbox, RESOURCE_EXHAUSTED beyond 3 forwards a
   * token and 20 a sandbox.
   */
  openForward(token: string, sandboxId: string): () => void {
    const session = this.#authorize(token, sandboxId)
    const inSandbox = this.#forwards.get(sandboxId) ?? 0
    if (session.forwards >= forwardsPerSession) throw exhausted('SSH session connection limit reached')
    if (inSandbox >= forwardsPerSandbox) throw exhausted('sandbox SSH connection limit reached')
    session.forwards += 1
    this.#forwards.set(sandboxId, inSandbox + 1)
    return () => {
      session.forwards -= 1
      const left = (this.#forwards.get(sandboxId) ?? 1) - 1
      if (left > 0) this.#forwards.set(sandboxId, left)
      else this.#forwards.delete(sandboxId)
    }
  }

  #authorize(token: string, sandboxId: string): KeptSession {
    if (token === '') throw unauthenticated('authorization_token is required for ForwardTcp')
    const session = this.#sessions.get(token)
    if (!session) throw unauthenticated('SSH session token not found')
    const expired = session.expiresAtMs !== 0 && session.expiresAtMs <= this.#options.now()
    if (session.revoked || expired || session.sandboxId !== sandboxId) {
      throw unauthenticated('SSH session token is not valid')
    }
    return session
  }

  // A stop and a removal end the sessions of a sandbox, whoever asked for them.
  #follow(sandboxId: string): void {
    if (this.#followed.has(sandboxId)) return
    this.#followed.add(sandboxId)
    const unsubscribe = this.#options.sandboxes.subscribe(sandboxId, (event) => {
      if (event.type === 'written' && event.row.status.phase !== SandboxPhase.STOPPED) return
      unsubscribe()
      this.#followed.delete(sandboxId)
      for (const session of this.#sessions.values()) {
        if (session.sandboxId === sandboxId) this.#sessions.delete(session.token)
      }
    })
  }

  #reap(): void {
    const now = this.#options.now()
    for (const { token, expiresAtMs } of this.#sessions.values()) {
      if (expiresAtMs !== 0 && expiresAtMs + keptMs <= now) this.#sessions.delete(token)
    }
  }
}

function unauthenticated(text: string): StatusError {
  return new StatusError(status.UNAUTHENTICATED, text)
}

function exhausted(text: string): StatusError {
  return new StatusError(status.RESOURCE_EXHAUSTED, text)
}
