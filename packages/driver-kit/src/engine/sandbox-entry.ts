import type { DriverSandbox } from '@openshell-ts/protocol/compute'
import { toDriverSandbox } from '../contract/snapshot.js'
import type { Sandbox } from '../driver/sandbox.js'
import type { SandboxState } from '../driver/sandbox-state.js'
import { Lane } from './lane.js'
import { Launch } from './launch.js'
import type { PendingOperation, SandboxRecord } from './sandbox-record.js'
import type { StoredSandbox } from './sandbox-store.js'
import type { StoredConfig } from './stored-config.js'

/** One sandbox in memory: what is stored of it, what it is doing, and the operations on it. */
export class SandboxEntry {
  /** One operation at a time. */
  readonly lane = new Lane()
  /** The config that handlers get, or why the stored block cannot be used. */
  readonly config: StoredConfig
  /** Whether a delete has been asked for. */
  deleting = false
  /** Whether a start is a second one: the sandbox has run before. */
  restarted: boolean
  /** The current run. */
  launch = new Launch()
  /** Aborts the stop that runs; absent when none does. */
  stopping: AbortController | undefined
  /** The last state that a handler reported while an operation ran; it decides what a failed operation leaves behind. */
  reported: SandboxState | undefined
  /** Absent until the sandbox is stored. */
  #stored: Omit<StoredSandbox, 'record'> | undefined
  /** Absent until a handler is called. */
  #sandbox: Sandbox | undefined
  #shown: ShownSandbox | undefined
  #record: SandboxRecord

  constructor(record: SandboxRecord, config: StoredConfig) {
    this.#record = record
    this.config = config
    this.restarted = record.state.type === 'stopped'
  }

  get id(): string {
    return this.#record.spec.id
  }

  get name(): string {
    return this.#record.spec.name
  }

  get workspace(): string {
    return this.#record.spec.workspace
  }

  get record(): SandboxRecord {
    return this.#record
  }

  get state(): SandboxState {
    return this.#record.state
  }

  /** Since when it is in its state, as RFC 3339 text. */
  get since(): string {
    return this.#record.stateSince
  }

  /** What gateways are told about it now; the same message until something of it changes. */
  get snapshot(): DriverSandbox {
    const shown = this.#shown
    const { state, restarted, deleting } = this
    if (shown?.state === state && shown.restarted === restarted && shown.deleting === deleting) return shown.message
    const message = toDriverSandbox(this)
    this.#shown = { state, restarted, deleting, message }
    return message
  }

  /** What handlers get. Only a stored sandbox has it; operations run after the store has it. */
  get sandbox(): Sandbox {
    if (this.#stored === undefined) throw new Error(`Sandbox ${this.id} is not stored yet.`)
    this.#sandbox ??= toSandbox(this.#record.spec, this.#stored)
    return this.#sandbox
  }

  /** Whether the sandbox is stored, so that handlers may be called for it. */
  get stored(): boolean {
    return this.#stored !== undefined
  }

  /** Takes over what the store made of the sandbox. */
  attach({ environment, directory, tokenFile }: StoredSandbox): void {
    this.#stored = { environment, directory, ...(tokenFile === undefined ? {} : { tokenFile }) }
  }

  /** Remembers a new state, and since when. */
  setState(state: SandboxState, since: Date): void {
    const stateSince = state.type === this.state.type ? this.#record.stateSince : since.toISOString()
    this.#record = { ...this.#record, state, stateSince }
  }

  /** Remembers the operation that runs, or that none does. */
  setOperation(operation: PendingOperation | undefined): void {
    const { operation: _, ...rest } = this.#record
    this.#record = operation === undefined ? rest : { ...rest, operation }
  }

  /** Ends the current run and begins another one. */
  nextLaunch(): void {
    this.launch.end()
    this.launch = new Launch()
    this.restarted = true
    this.reported = undefined
  }

  /** Asks whatever runs for the sandbox to end, because it is deleted. */
  abort(): void {
    this.deleting = true
    this.launch.abort()
    this.stopping?.abort()
  }
}

/** A message, and what it depends on. The time of a state changes with the state only. */
interface ShownSandbox {
  readonly state: SandboxState
  readonly restarted: boolean
  readonly deleting: boolean
  readonly message: DriverSandbox
}

/** Read-only, because all handlers get the same one. */
function toSandbox(spec: SandboxRecord['spec'], { environment, ...places }: Omit<StoredSandbox, 'record'>): Sandbox {
  return Object.freeze({ ...spec, environment: Object.freeze({ ...environment }), ...places })
}
