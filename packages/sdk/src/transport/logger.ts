/** Receives what the client has to say beside its results. A `console` or a pino logger fits. */
export interface Logger {
  /** Takes a complete sentence; never one that holds a secret. */
  warn(message: string): void
}
