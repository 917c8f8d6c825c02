import { DriverError, type HandlerContext, type LaunchContext, type Sandbox, type SandboxState } from '../src/index.js'
import { KillPlan } from './kill-plan.js'

type Container = 'running' | 'stopped'

/** What the backend has of one sandbox; each part is made and removed by a call of its own. */
interface Parts {
  volume: boolean
  network: boolean
  container: Container | undefined
}

/** A backend in which a sandbox has several parts, so that a kill can leave some of them. It outlives its drivers. */
export class PartsBackend {
  /** What must never happen and has happened. */
  readonly violations: string[] = []
  /** How often each call fails from now on, by its name and id, such as `launch one`. */
  readonly failures = new Map<string, number>()
  readonly #reached = new Map<string, () => void>()
  readonly #parts = new Map<string, Parts>()

  /** Resolves when a call has been carried out, by its name and id. */
  reached(call: string): Promise<void> {
    return new Promise((resolve) => this.#reached.set(call, resolve))
  }

  /** The ids of which anything is left. */
  ids(): string[] {
    return [...this.#parts.keys()]
  }

  container(id: string): Container | undefined {
    return this.#parts.get(id)?.container
  }

  /** Whether every part of the sandbox is there. */
  isWhole(id: string): boolean {
    const parts = this.#parts.get(id)
    return parts?.volume === true && parts.network && parts.container !== undefined
  }

  make(id: string, part: 'volume' | 'network'): Promise<void> {
    return this.#call(`make ${part}`, id, (parts) => {
      parts[part] = true
    })
  }

  launch(id: string): Promise<void> {
    return this.#call('launch', id, (parts) => {
      if (parts.container === 'running') this.violations.push(`${id} was started twice`)
      parts.container = 'running'
    })
  }

  halt(id: string): Promise<void> {
    return this.#call('halt', id, (parts) => {
      if (parts.container !== undefined) parts.container = 'stopped'
    })
  }

  drop(id: string, part: keyof Parts): Promise<void> {
    return this.#call(`drop ${part}`, id, (parts) => {
      if (part === 'container') parts.container = undefined
      else parts[part] = false
    })
  }

  async #call(name: string, id: string, change: (parts: Parts) => void): Promise<void> {
    const run = () => {
      const left = this.failures.get(`${name} ${id}`) ?? 0
      this.failures.set(`${name} ${id}`, left - 1)
      if (left > 0) throw new DriverError({ code: 'unavailable', message: 'the backend is down' })
      const parts = this.#parts.get(id) ?? { volume: false, network: false, container: undefined }
      change(parts)
      if (parts.volume || parts.network || parts.container !== undefined) this.#parts.set(id, parts)
      else this.#parts.delete(id)
      this.#reached.get(`${name} ${id}`)?.()
    }
    const plan = KillPlan.current
    if (plan === undefined) run()
    else await plan.effect({ name: `${name} ${id}`, run })
  }
}

/** Whether create and start of the sandbox are answered before it runs. */
export function answersEarly(id: string): boolean {
  return id === 'early'
}

/** Handlers over the backend. */
export function partsHandlers(backend: PartsBackend) {
  const launch = async (sandbox: Sandbox, { report, signal }: LaunchContext<unknown, unknown>) => {
    signal.throwIfAborted()
    if (!answersEarly(sandbox.id)) return await backend.launch(sandbox.id)
    const later = backend.launch(sandbox.id).then(() => report({ type: 'running' }))
    // A report unwinds with an error when the process is killed in the middle of it.
    later.catch(() => undefined)
    return { type: 'starting' } satisfies SandboxState
  }
  return {
    async create(sandbox: Sandbox, context: LaunchContext<unknown, unknown>): Promise<SandboxState | undefined> {
      await backend.make(sandbox.id, 'volume')
      context.signal.throwIfAborted()
      context.progress.start('starting_sandbox')
      await backend.make(sandbox.id, 'network')
      return (await launch(sandbox, context)) ?? undefined
    },
    async start(sandbox: Sandbox, context: LaunchContext<unknown, unknown>): Promise<SandboxState | undefined> {
      return (await launch(sandbox, context)) ?? undefined
    },
    async stop({ id }: Sandbox): Promise<void> {
      await backend.halt(id)
    },
    async delete({ id }: Sandbox): Promise<void> {
      for (const part of ['container', 'network', 'volume'] as const) await backend.drop(id, part)
    },
    async list(_: HandlerContext<unknown>) {
      return backend.ids().flatMap((id) => {
        const container = backend.container(id)
        return container === undefined ? [] : [{ id, state: { type: container } satisfies SandboxState }]
      })
    },
  }
}
