import type { DriverConfig } from '@openshell-ts/driver-config'

/** A sandbox that somebody else is to supervise. */
export interface SimulatedSandbox {
  /** Where its supervisor connects to. */
  readonly endpoint: string
  readonly sandboxId: string
  readonly name: string
  /** What its supervisor shows to the gateway; a secret. Empty when the gateway issues no tokens. */
  readonly token: string
  /** The command of its main process, with the gateway's defaults. */
  readonly command: readonly string[]
  /** Whether that runs on a terminal. */
  readonly tty: boolean
  /** The variables of the template and of the sandbox; those of the sandbox win. */
  readonly environment: Readonly<Record<string, string>>
}

/** What a simulated driver is made of. */
export interface SimulatedDriverOptions {
  /** The key of its block in `driver_config`: ASCII letters, digits, `-`, `_`. @default 'simulated' */
  readonly name?: string
  /** Checks blocks, so that refusals can be tried. Without one every block is accepted. */
  readonly config?: DriverConfig<unknown>
  /** What an empty image becomes. @default 'simulated' */
  readonly defaultImage?: string
  /**
   * Starts what supervises a sandbox, with each create and start, such as `supervise` of `@openshell-ts/dev-supervisor`: then
   * the sandbox is Ready when that has connected, and runs commands. What it returns is disposed of at stop and delete, and with
   * the gateway, whose end waits for that. A rejection ends the sandbox in Error. Without it sandboxes are Ready at once and refuse commands.
   */
  readonly startSandbox?: (sandbox: SimulatedSandbox) => AsyncDisposable | Promise<AsyncDisposable>
}

/** What happened to a sandbox, as its driver tells those who watch it. */
export interface SimulatedEvent {
  /** @default 'Normal' */
  readonly type?: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * A compute driver inside the gateway's process. Its sandboxes are records: Ready within milliseconds, and nothing runs in
 * them. One gateway at a time may use it; the next one finds its sandboxes again.
 */
export interface SimulatedDriver {
  /** The key of its block in `driver_config`. */
  readonly name: string
  /** Reports an event about a sandbox. Unknown ids mean nothing. */
  emitEvent(sandboxId: string, event: SimulatedEvent): void
  /** Ends the main process of a running sandbox with this code. Unknown ids mean nothing. */
  exitMainProcess(sandboxId: string, exitCode: number): void
  /** Takes the compute of a sandbox away, as a backend that fails: the sandbox is in Error. Unknown ids mean nothing. */
  failSandbox(sandboxId: string, reason: string, message: string): void
}
