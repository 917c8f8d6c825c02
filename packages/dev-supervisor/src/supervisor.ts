/** How a supervisor ended. */
export interface SupervisorExit {
  /** The main process's code; 128 + number for a signal, 126 or 127 when it could not be started. */
  readonly exitCode: number
  /** Whether the gateway has confirmed the report of it. */
  readonly reported: boolean
}

/** A sandbox's supervisor at work. */
export interface Supervisor {
  /** UUIDv4 of this run; the same over all its sessions. */
  readonly instanceId: string
  /** Id of the main process and of its group; absent when it could not be started. */
  readonly mainProcessId?: number | undefined
  /** Resolves when the main process has ended, this was reported, and no process of the sandbox is left. Never rejects. */
  readonly exited: Promise<SupervisorExit>
  /**
   * Ends the main process (SIGTERM, on a terminal SIGHUP too, SIGKILL after the grace), then everything else. A later call
   * sets the grace anew.
   */
  stop(options?: SupervisorStopOptions): Promise<SupervisorExit>
  /** Stops. */
  [Symbol.asyncDispose](): Promise<void>
}

/** How to stop. */
export interface SupervisorStopOptions {
  /** How long the main process may take, in milliseconds; 0 kills it and sends no report. @default `stopGraceMs` */
  readonly graceMs?: number | undefined
}
