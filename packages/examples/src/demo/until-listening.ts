import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Part } from './part.js'

const POLL_MS = 25

/** Where a part listens. */
export type ListenAddress = { readonly path: string } | { readonly host: string; readonly port: number }

/** Options of {@link untilListening}. */
export interface UntilListeningOptions {
  readonly timeoutMs: number
  /** Stops the wait; its reason is thrown. */
  readonly signal: AbortSignal
}

/**
 * Resolves as soon as a part accepts connections.
 *
 * @throws PartFailedError when it ends first or takes longer than `timeoutMs`.
 */
export async function untilListening(
  part: Part,
  address: ListenAddress,
  options: UntilListeningOptions,
): Promise<void> {
  const { timeoutMs, signal } = options
  const deadline = Date.now() + timeoutMs
  let end: string | undefined
  void part.ended.then(({ text }) => {
    end = text
  })
  while (!(await acceptsConnections(address))) {
    signal.throwIfAborted()
    if (end !== undefined) throw new PartFailedError(part, `ended with ${end} before it listened`)
    if (Date.now() > deadline) throw new PartFailedError(part, `did not listen within ${timeoutMs} ms`)
    await delay(POLL_MS, undefined, { signal })
  }
}

/** True when something accepts a connection at the address now. */
export function acceptsConnections(address: ListenAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** A part of the demo did not do what it is there for. */
export class PartFailedError extends Error {
  override readonly name = 'PartFailedError'
  readonly part: Part

  constructor(part: Part, what: string) {
    super(`The ${part.name} ${what}.`)
    this.part = part
  }
}
