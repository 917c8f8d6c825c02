import { randomUUID } from 'node:crypto'
import type { MessageInitShape } from '@bufbuild/protobuf'
import type { GatewayMessageSchema } from '@openshell-ts/protocol/v0-0'
import { timerMs } from '../clock/timer-ms.js'

/** What the gateway says to a supervisor. */
export type SessionMessage = MessageInitShape<typeof GatewayMessageSchema>

/** One supervisor's open connection. */
export interface Session {
  readonly sessionId: string
  readonly sandboxId: string
  /** Sends a message; what cannot be delivered any more is dropped. */
  readonly send: (message: SessionMessage) => void
  /** Aborts when the gateway ends the session: superseded, stopped, or shut down. */
  readonly ended: AbortSignal
  /** Whether the supervisor says how far providers are installed; a simulated one has everything `at-once`. */
  readonly providerReports: 'none' | 'given' | 'at-once'
}

/** What a supervisor says about itself when it connects. */
export type SessionFeatures = Partial<Pick<Session, 'providerReports'>>

// Its id and its signal are made when somebody asks: most sessions of simulated sandboxes need neither, and there may be thousands.
class OpenSession implements Session {
  readonly sandboxId: string
  readonly send: Session['send']
  readonly providerReports: Session['providerReports']
  #sessionId: string | undefined
  #aborter: AbortController | undefined
  #isOver = false

  constructor(sandboxId: string, send: Session['send'], providerReports: Session['providerReports']) {
    this.sandboxId = sandboxId
    this.send = send
    this.providerReports = providerReports
  }

  get sessionId(): string {
    this.#sessionId ??= randomUUID()
    return this.#sessionId
  }

  get ended(): AbortSignal {
    this.#aborter ??= new AbortController()
    if (this.#isOver) this.#aborter.abort()
    return this.#aborter.signal
  }

  end(): void {
    this.#isOver = true
    this.#aborter?.abort()
  }
}

/** The supervisors that are connected, at most one a sandbox: the newest wins. */
export class SessionRegistry {
  readonly #sessions = new Map<string, OpenSession>()
  readonly #waiters = new Map<string, Set<(session: Session) => void>>()

  /** Registers a session. Returns it, and whether it replaced one, which is ended. */
  open(
    sandboxId: string,
    send: Session['send'],
    { providerReports = 'none' }: SessionFeatures = {},
  ): { readonly session: Session; readonly superseded: boolean } {
    const previous = this.#sessions.get(sandboxId)
    const session = new OpenSession(sandboxId, send, providerReports)
    this.#sessions.set(sandboxId, session)
    previous?.end()
    // Waiters must not speak on the session before its first message is queued.
    queueMicrotask(() => this.#release(session))
    return { session, superseded: previous !== undefined }
  }

  /** The current session of a sandbox, or `undefined`. */
  get(sandboxId: string): Session | undefined {
    return this.#sessions.get(sandboxId)
  }

  /** True when a supervisor is connected. */
  connected(sandboxId: string): boolean {
    return this.#sessions.has(sandboxId)
  }

  /** Waits for a session; `undefined` when none comes within the time. */
  waitFor(sandboxId: string, timeoutMs: number): Promise<Session | undefined> {
    const current = this.#sessions.get(sandboxId)
    if (current) return Promise.resolve(current)
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(sandboxId) ?? new Set()
      this.#waiters.set(sandboxId, waiters)
      const settle = (session: Session | undefined) => {
        clearTimeout(timer)
        waiters.delete(settle)
        if (waiters.size === 0 && this.#waiters.get(sandboxId) === waiters) this.#waiters.delete(sandboxId)
        resolve(session)
      }
      const timer = setTimeout(settle, timerMs(timeoutMs), undefined)
      waiters.add(settle)
    })
  }

  /** Ends a sandbox's session, as a stop does. */
  end(sandboxId: string): void {
    const session = this.#sessions.get(sandboxId)
    this.#sessions.delete(sandboxId)
    session?.end()
  }

  /** Takes a session out whose stream is over. Returns `false` when it was not the current one any more. */
  close(session: Session): boolean {
    if (this.#sessions.get(session.sandboxId) !== session) return false
    return this.#sessions.delete(session.sandboxId)
  }

  /** Ends every session and every wait. */
  endAll(): void {
    for (const sandboxId of [...this.#sessions.keys()]) this.end(sandboxId)
    for (const waiters of [...this.#waiters.values()]) {
      for (const settle of [...waiters] as ((session: Session | undefined) => void)[]) settle(undefined)
    }
  }

  #release(session: Session): void {
    for (const settle of [...(this.#waiters.get(session.sandboxId) ?? [])]) settle(session)
    this.#waiters.delete(session.sandboxId)
  }
}
