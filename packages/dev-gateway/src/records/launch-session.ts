import { randomUUID } from 'node:crypto'

/** What tells one run of a sandbox's compute from another: each create and each start of line 0.1 begins a new one. */
export interface LaunchSession {
  readonly sessionId: string
  /** The generation of the runtime, which a start also names beside its credentials. */
  readonly generation: string
  /** Counts the renewals of the credentials in this run, from 0. */
  readonly rotation: number
  /** Counts the runs of the sandbox, from 1. */
  readonly epoch: number
}

/** The run that follows another one; the first without one. */
export function nextLaunchSession(previous: LaunchSession | undefined): LaunchSession {
  return { sessionId: randomUUID(), generation: randomUUID(), rotation: 0, epoch: (previous?.epoch ?? 0) + 1 }
}
