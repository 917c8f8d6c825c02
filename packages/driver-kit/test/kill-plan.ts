import { AsyncLocalStorage } from 'node:async_hooks'

const running = new AsyncLocalStorage<KillPlan>()

/** A point at which a process can be killed. */
export interface KillPoint {
  /** Its number in the life of the process, from 1. */
  readonly number: number
  /** What happens there, such as `before rename`. */
  readonly name: string
}

/** One effect of a process on the world outside. */
export interface Effect<Result> {
  readonly name: string
  readonly run: () => Promise<Result> | Result
  /** What a kill in the middle of the effect leaves; absent when the effect is whole or nothing. */
  readonly half?: () => Promise<void>
}

/**
 * Kills a process that runs inside this one: from its last point on none of its effects takes place, neither on the disk
 * nor on the backend nor on a watcher. Everything that `run` begins belongs to the process, however it goes on.
 */
export class KillPlan {
  /** Resolves with the point at which the process was killed. */
  readonly killed: Promise<KillPoint>
  #resolve: (point: KillPoint) => void = () => undefined
  readonly #choose: (point: KillPoint) => boolean
  readonly #inFlight = new Set<Promise<unknown>>()
  #passed = 0
  #dead = false

  constructor(choose: (point: KillPoint) => boolean) {
    this.#choose = choose
    this.killed = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** The plan of the process that calls; none outside of all of them. */
  static get current(): KillPlan | undefined {
    return running.getStore()
  }

  /** Runs the process. Resolves with the point at which it was killed, or `undefined` when it came to its end. */
  async run(life: () => Promise<void>): Promise<KillPoint | undefined> {
    const over = running.run(this, life).then(
      () => undefined,
      (error: unknown) => {
        if (this.#dead) return this.killed
        throw error
      },
    )
    const point = await Promise.race([this.killed, over])
    // The kernel finishes what a killed process has handed to it.
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight)
    return point
  }

  /** An effect with a point before it, one after it, and one in its middle when it can be cut in half. */
  async effect<Result>({ name, run, half }: Effect<Result>): Promise<Result> {
    // A living process passes a point in the same step, so that `run` knows of all that is in flight.
    if (this.#reaches(`before ${name}`)) await this.#kill(`before ${name}`)
    if (half !== undefined && this.#reaches(`within ${name}`)) {
      await this.#track(half())
      await this.#kill(`within ${name}`)
    }
    const result = await this.#track(Promise.resolve(run()))
    if (this.#reaches(`after ${name}`)) await this.#kill(`after ${name}`)
    return result
  }

  /** As `effect`, for one that takes no time: a killed process is unwound by an error and can do nothing more. */
  instant(name: string, run: () => void): void {
    this.#instantPoint(`before ${name}`)
    run()
    this.#instantPoint(`after ${name}`)
  }

  /** An answer of the process, which may be killed before it gives it. */
  async answer<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      return await call()
    } finally {
      if (this.#reaches('before the answer')) await this.#kill('before the answer')
    }
  }

  async #track<Result>(work: Promise<Result>): Promise<Result> {
    this.#inFlight.add(work)
    try {
      return await work
    } finally {
      this.#inFlight.delete(work)
    }
  }

  #instantPoint(name: string): void {
    if (!this.#reaches(name)) return
    void this.#kill(name)
    throw new Error('The process is dead.')
  }

  #reaches(name: string): boolean {
    if (this.#dead) return true
    this.#passed += 1
    return this.#choose({ number: this.#passed, name })
  }

  /** Never resolves: a dead process runs nothing more. */
  #kill(name: string): Promise<never> {
    this.#dead = true
    this.#resolve({ number: this.#passed, name })
    return new Promise(() => {})
  }
}
