import { generateSigningKeys } from './auth/signing-keys.js'
import { systemClock } from './clock/gateway-clock.js'
import { FaultList } from './faults/fault-list.js'
import type { DevGatewayFaults } from './faults/gateway-fault.js'
import type { DevGatewayOptions } from './gateway/gateway-options.js'
import { type GatewayRun, type RunOptions, startRun } from './gateway/gateway-run.js'
import { createSimulatedDriver } from './simulated-driver/create-simulated-driver.js'
import { SimulatedCompute } from './simulated-driver/simulated-compute.js'
import { holdStateDirectory } from './store/hold-state-directory.js'
import { CallLedger } from './strict/call-ledger.js'
import { StrictError } from './strict/strict-error.js'
import type { ExpectedCall, StrictOptions } from './strict/strict-options.js'
import type { StrictProblem } from './strict/strict-problem.js'
import type { DevGatewayClientTls } from './tls/gateway-tls.js'
import { CallTrace } from './trace/call-trace.js'

/** How a gateway ends before it starts again. */
export interface RestartOptions {
  /**
   * Ends it as `kill -9` ends a process: the driver is asked for nothing. Otherwise it ends as by a signal to stop, and a driver
   * whose compute the gateway manages is asked to stop its sandboxes first. @default false
   */
  readonly kill?: boolean
}

/** A running development gateway. */
export interface DevGateway extends AsyncDisposable {
  /** Where clients and supervisors connect to, such as `http://127.0.0.1:17670`, or `https://…` with `tls`. */
  readonly endpoint: string
  /** The port of `endpoint`. */
  readonly port: number
  /** What a client needs to connect; absent for plaintext, and for certificates from elsewhere. */
  readonly tls?: DevGatewayClientTls
  /** The folder that holds `tls` as the files `ca.crt`, `tls.crt` and `tls.key`; absent when they are not kept. */
  readonly tlsDirectory?: string
  /** The port of the health checks; absent when there are none. */
  readonly healthPort?: number
  /** The port of the status page; absent when there is none. */
  readonly statusPort?: number
  /** What goes wrong on purpose. Faults outlive restarts. */
  readonly faults: DevGatewayFaults
  /**
   * From now on clients are expected to make these calls, and no others: by name, or with their number. What `strict` expected until
   * now is over, and a problem where it did not come. The gateway need not have been started with `strict`.
   *
   * @throws TypeError for an RPC that no gateway has, one that is named twice, and a number of calls that is none.
   */
  expectCalls(calls: readonly (string | ExpectedCall)[]): void
  /**
   * Rejects with a `StrictError` that lists everything that `strict` finds wrong until now, also without `strict`. What it has listed
   * is not found again. Calls that are open get a moment to end, up to `settleMs` of `strict`.
   */
  assertClean(): Promise<void>
  /**
   * Ends every call, session and connection, and resolves when nothing is left. A second call waits for the first.
   *
   * Rejects when the driver asked for its sandboxes to be stopped and some could not be, and with a `StrictError` when `strict` finds
   * something wrong; everything is closed then too.
   */
  close(): Promise<void>
  /**
   * Ends the gateway as the end of its process would, every connection included, and starts it again: on the same ports, with
   * the same keys and certificates, and with the records of `stateDirectory`, or those in memory without one. Logs, platform events and
   * SSH sessions are lost. Resolves when the gateway serves again and has recovered its sandboxes. Restarts wait for each other.
   *
   * Sandboxes that could not be stopped on the way are logged; the restart goes on.
   *
   * @throws GatewayStartError when it cannot start, say because the driver is gone: it is down then, and the next restart tries
   * again. Error when it was closed.
   */
  restart(options?: RestartOptions): Promise<void>
}

/**
 * Starts a gateway in this process: connected to its driver and serving when it resolves.
 *
 * @throws GatewayStartError when the driver cannot be reached or refuses, a port is taken, kept state cannot be read, or
 * another gateway uses it. FaultError for a fault that cannot be, TypeError for an expected call that cannot be.
 */
export async function startDevGateway(options: DevGatewayOptions = {}): Promise<DevGateway> {
  const kept = withWhatStays(options)
  // Before anybody waits for a driver in vain, and until the end, so that nobody else comes in between two runs.
  const lock = options.stateDirectory === undefined ? undefined : await holdStateDirectory(options.stateDirectory)
  const first = await startRun(kept).catch(async (error: unknown) => {
    await lock?.release()
    throw error
  })
  const { grpc, health, status, tls } = first.listeners
  const lives = new GatewayLives(first, {
    ...kept,
    port: grpc.port,
    ...(health && { healthPort: health.port }),
    ...(status && { statusPort: status.port }),
  })
  const { ledger } = kept
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= (options.strict ? closeStrictly(ledger, lives) : lives.close()).finally(() => lock?.release())
    return closed
  }
  return {
    endpoint: `${first.parts.address.scheme}://127.0.0.1:${grpc.port}`,
    port: grpc.port,
    ...(tls?.client && { tls: tls.client }),
    ...(tls?.clientDirectory !== undefined && { tlsDirectory: tls.clientDirectory }),
    ...(health && { healthPort: health.port }),
    ...(status && { statusPort: status.port }),
    faults: kept.faultList,
    expectCalls: (calls) => ledger.expect(calls),
    assertClean: async () => throwProblems(await ledger.takeProblems()),
    close,
    restart: (how = {}) => lives.restart(how),
    [Symbol.asyncDispose]: close,
  }
}

async function closeStrictly(ledger: CallLedger, lives: GatewayLives): Promise<void> {
  // What the gateway cuts itself is not open any more.
  const problems = await ledger.takeProblems()
  const cause = await lives.close().then(
    () => undefined,
    (error: unknown) => error,
  )
  throwProblems(problems, cause)
  if (cause !== undefined) throw cause
}

function throwProblems(problems: readonly StrictProblem[], cause?: unknown): void {
  if (problems.length > 0) throw new StrictError(problems, cause === undefined ? {} : { cause })
}

/** One gateway's runs, one after the other. */
class GatewayLives {
  readonly #options: RunOptions
  #last: GatewayRun
  #down = false
  #restarted: Promise<void> = Promise.resolve()
  #closed: Promise<void> | undefined

  /** `options` start the runs after the first. */
  constructor(first: GatewayRun, options: RunOptions) {
    this.#last = first
    this.#options = options
  }

  restart(how: RestartOptions): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('The gateway was closed; start another one instead.'))
    const next = this.#restarted.then(() => this.#restart(how))
    this.#restarted = next.catch(() => undefined)
    return next
  }

  close(): Promise<void> {
    this.#closed ??= this.#restarted.then(() => (this.#down ? undefined : this.#last.stop()))
    return this.#closed
  }

  async #restart({ kill = false }: RestartOptions): Promise<void> {
    if (!this.#down) {
      this.#down = true
      if (kill) await this.#last.kill()
      // Each sandbox that could not be stopped is in the log by then.
      else await this.#last.stop().catch(() => undefined)
    }
    this.#last = await startRun(this.#options, this.#last)
    this.#down = false
  }
}

// What is made for a gateway has to outlive its restarts: sandboxes that are simulated, and the key that signs their tokens.
function withWhatStays(options: DevGatewayOptions): RunOptions {
  const { auth = {}, stateDirectory, drivers = [createSimulatedDriver()] } = options
  const makesKeys = stateDirectory === undefined && auth.sandboxTokens !== false && !auth.signingKeys
  const faultList = new FaultList(options.faults)
  return {
    ...options,
    drivers,
    faultList,
    ledger: createLedger(options, drivers, faultList),
    ...(makesKeys && { auth: { ...auth, signingKeys: generateSigningKeys() } }),
    // The status page shows recent calls.
    ...(options.statusPort !== undefined && !options.trace && { trace: new CallTrace() }),
  }
}

function createLedger(
  { strict = false, line = '0.0', clock = systemClock }: DevGatewayOptions,
  drivers: readonly unknown[],
  faults: FaultList,
): CallLedger {
  const given: StrictOptions = typeof strict === 'object' ? strict : {}
  const simulated = drivers.some((driver) => driver instanceof SimulatedCompute)
  const allowOpen = [...(given.allowOpen ?? []), ...(simulated ? ['ConnectSupervisor'] : [])]
  return new CallLedger({ ...given, allowOpen, line, faults, now: () => clock.now() })
}
