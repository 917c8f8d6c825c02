import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import type { RequestedSandbox } from '../driver/sandbox.js'
import type { SandboxState } from '../driver/sandbox-state.js'

/** An operation that has begun; a record that still names it after a restart was interrupted in it. */
export type PendingOperation = 'create' | 'start' | 'stop' | 'delete'

/** A driver_config block as its user wrote it, stamped outside the config with what it was written for. */
export interface StampedConfig {
  /** The version that the block declared when it was accepted. */
  readonly schema_version: number
  /** The driver's version at that time. */
  readonly driver_version: string
  /** The digest of the shape that the driver read at that time. */
  readonly digest: string
  /** The block without its marker. */
  readonly config: JsonObject
}

/** What is kept of one sandbox. It holds no secret: the token and the environment are stored apart from it. */
export interface SandboxRecord {
  /** What the gateway asked for, without the environment. */
  readonly spec: Omit<RequestedSandbox, 'environment'>
  /** The block; absent when none arrived, and when it was empty. */
  readonly driverConfig?: StampedConfig
  /** When the create was accepted, as RFC 3339 text. */
  readonly createdAt: string
  /** The last known state. */
  readonly state: SandboxState
  /** Since when, as RFC 3339 text. */
  readonly stateSince: string
  /** The operation that runs; absent when none does. */
  readonly operation?: PendingOperation
}

/** What must not be readable by others, and is stored in files of mode 0600. */
export interface SandboxSecrets {
  /** The sandbox token; absent when the gateway issues none. */
  readonly token?: string
  /** The user's variables: people keep keys in them. */
  readonly environment: Readonly<Record<string, string>>
}
