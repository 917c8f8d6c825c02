import { create } from '@bufbuild/protobuf'
import { DriverSandboxSchema } from '@openshell-ts/protocol/compute'
import type { DriverEngine } from '../src/engine/driver-engine.js'
import { KillPlan } from './kill-plan.js'
import { sandboxMessage } from './serve-in-test.js'

type Operation = 'create' | 'start' | 'stop' | 'delete'

/** What a gateway has asked for one sandbox, and what it was told. */
export interface SandboxLedger {
  /** The last operation that was answered without an error. */
  done: Operation | undefined
  /** The operations that were not answered. */
  readonly open: Set<Operation>
  /** Whether an operation failed, so that the state is what it was. */
  failed: boolean
  /** Whether a delete was answered. */
  deleteAnswered: boolean
  /** Whether a watch told that the sandbox is gone. */
  deletedTold: boolean
}

/** A gateway that keeps what it was told, over the lives of its driver. */
export class GatewayLedger {
  readonly sandboxes = new Map<string, SandboxLedger>()
  /** What no watch may do and one has done. */
  readonly violations: string[] = []
  #engine: DriverEngine | undefined

  /** Talks to another process of the driver. */
  use(engine: DriverEngine): void {
    this.#engine = engine
  }

  /** Reads one watch for as long as the driver lives. */
  async watch(): Promise<void> {
    const gone = new Set<string>()
    for await (const { payload } of await this.#driver.watch()) {
      if (payload.case === 'sandbox') this.#told(payload.value.sandbox?.id ?? '')
      if (payload.case !== 'deleted') continue
      const { sandboxId } = payload.value
      if (gone.has(sandboxId)) this.violations.push(`${sandboxId} was told to be deleted twice`)
      gone.add(sandboxId)
      this.#of(sandboxId).deletedTold = true
    }
  }

  async create(id: string, name = `name-${id}`): Promise<void> {
    const spec = { sandboxToken: `token-${id}`, environment: { KEY: `key-${id}` } }
    const message = create(DriverSandboxSchema, sandboxMessage(id, { name, spec }) as never)
    await this.#ask(id, 'create', () => this.#driver.create(message))
  }

  async start(id: string): Promise<void> {
    await this.#ask(id, 'start', () => this.#driver.start({ sandboxId: id, name: '' }, {}))
  }

  async stop(id: string): Promise<void> {
    await this.#ask(id, 'stop', () => this.#driver.stop({ sandboxId: id, name: '' }))
  }

  async delete(id: string): Promise<void> {
    await this.#ask(id, 'delete', () => this.#driver.delete({ sandboxId: id, name: '' }))
  }

  async #ask(id: string, operation: Operation, call: () => Promise<unknown>): Promise<void> {
    const ledger = this.#of(id)
    ledger.open.add(operation)
    try {
      await (KillPlan.current?.answer(call) ?? call())
      ledger.done = operation
      if (operation === 'delete') ledger.deleteAnswered = true
    } catch (error) {
      ledger.failed = true
      throw error
    } finally {
      ledger.open.delete(operation)
    }
  }

  #told(id: string): void {
    if (this.#of(id).deletedTold) this.violations.push(`${id} came back after its deletion was told`)
  }

  #of(id: string): SandboxLedger {
    const known = this.sandboxes.get(id)
    if (known !== undefined) return known
    const ledger: SandboxLedger = {
      done: undefined,
      open: new Set(),
      failed: false,
      deleteAnswered: false,
      deletedTold: false,
    }
    this.sandboxes.set(id, ledger)
    return ledger
  }

  get #driver(): DriverEngine {
    if (this.#engine === undefined) throw new Error('No driver runs.')
    return this.#engine
  }
}
