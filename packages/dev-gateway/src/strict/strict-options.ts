/** A call of clients that a test means to make. */
export interface ExpectedCall {
  /** The RPC, such as `CreateSandbox`. */
  readonly rpc: string
  /** How often it must be called, from 1. Absent: once or more. */
  readonly times?: number
}

/** What a strict gateway insists on. */
export interface StrictOptions {
  /**
   * The calls that clients make, by name or with their number: others are problems, and so are those that do not come. Clients ask
   * for Health by themselves, so it may always be called; what supervisors call may stand here, and need not. Absent, and empty
   * until `expectCalls`: whatever the gateway serves may be called.
   */
  readonly expect?: readonly (string | ExpectedCall)[]
  /**
   * RPCs whose calls may be open at the end, such as `ConnectSupervisor` for supervisors that outlive the test. Those that a
   * simulated driver starts may be open always: the gateway ends them. @default []
   */
  readonly allowOpen?: readonly string[]
  /**
   * How long an ended call may take to be over for the gateway too, in milliseconds; 0 means not at all. Nothing waits when nothing
   * is open. @default 2000
   */
  readonly settleMs?: number
}
