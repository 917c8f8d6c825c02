/** A gateway that a scenario starts and stops. */
export interface ReplayedGateway {
  /** `host:port` of the running gateway. */
  readonly address: string
  readonly healthPort: number
  /** Starts it. `readyMs` is how long it may take; `Infinity` waits until it is ready or has given up. */
  start(readyMs: number): Promise<StartOutcome>
  /** Ends it in the way of the signal. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<StopOutcome>
  /** Ends what is left. */
  dispose(): Promise<void>
}

/** How a start ended: a code when the gateway gave up, none when it is ready or still trying. */
export interface StartOutcome {
  readonly ready: boolean
  readonly exit_code?: number
}

/** How a gateway ended; a killed one has no code. */
export interface StopOutcome {
  readonly exit_code: number | null
}
