import { setTimeout as sleep } from 'node:timers/promises'
import { parseCommandLine } from '../../src/cli-options.js'
import { type DevGateway, startDevGateway, type TestClock } from '../../src/index.js'
import { planServe } from '../../src/serve-plan.js'
import type { ReplayedGateway, StartOutcome, StopOutcome } from './replayed-gateway.js'

/** A gateway in this process, started from a command line as the program is. Its clock is the scenario's. */
export class InProcessGateway implements ReplayedGateway {
  readonly #command: readonly string[]
  readonly #clock: TestClock
  #gateway: DevGateway | undefined
  #starting: Promise<DevGateway> | undefined

  constructor(command: readonly string[], clock: TestClock) {
    this.#command = command
    this.#clock = clock
  }

  get address(): string {
    return `127.0.0.1:${this.#gateway?.port ?? 0}`
  }

  get healthPort(): number {
    return this.#gateway?.healthPort ?? 0
  }

  async start(readyMs: number): Promise<StartOutcome> {
    const aborter = new AbortController()
    const tooLate = readyMs === Number.POSITIVE_INFINITY ? [] : [sleep(readyMs, undefined, { signal: aborter.signal })]
    this.#starting = this.#launch()
    try {
      this.#gateway = (await Promise.race([this.#starting, ...tooLate])) as DevGateway | undefined
      return { ready: this.#gateway !== undefined }
    } catch {
      return { ready: false, exit_code: 1 }
    } finally {
      aborter.abort()
    }
  }

  async stop(): Promise<StopOutcome> {
    const gateway = this.#gateway
    this.#gateway = undefined
    try {
      await gateway?.close()
      return { exit_code: 0 }
    } catch {
      return { exit_code: 1 }
    }
  }

  async dispose(): Promise<void> {
    const started = await this.#starting?.catch(() => undefined)
    await started?.close().catch(() => undefined)
  }

  // As the program does it: a command line that means nothing stops the start as well.
  async #launch(): Promise<DevGateway> {
    const request = parseCommandLine([...this.#command, '--gateway-version', '0.0.0'])
    if (request.type !== 'serve') throw new Error('The command line of a scenario starts no gateway.')
    return startDevGateway({ ...planServe(request.serve), clock: this.#clock })
  }
}
