import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import type { GpuRequest } from './template.js'

/**
 * Where a sandbox is in its life. `unrecognized` is a phase that this release does not know; `phaseNumber` holds it.
 * Commands run in `ready` only.
 */
export type SandboxPhase =
  | 'unspecified'
  | 'provisioning'
  | 'ready'
  | 'error'
  | 'deleting'
  | 'unknown'
  | 'stopping'
  | 'stopped'
  | 'starting'
  | 'completed'
  | 'unrecognized'

/** One observation about a sandbox, as the driver or the gateway wrote it. */
export interface SandboxCondition {
  /** What is observed, such as `Ready`. */
  readonly type: string
  /** `True`, `False` or `Unknown`. */
  readonly status: string
  /** Short code for programs, such as `ContainerStopped`; may be empty. */
  readonly reason: string
  /** Sentence for people; may be empty. */
  readonly message: string
}

/** What was asked for at create, as the gateway stored it. */
export interface SandboxSpecInfo {
  /** Image; the driver's default when none was asked for, empty when the driver has none. */
  readonly image: string
  /** Command line of the main process. */
  readonly command: readonly string[]
  /** True when the main process has a terminal. */
  readonly tty: boolean
  /** Environment of the spec, without the template's. */
  readonly environment: Readonly<Record<string, string>>
  /** Names of the providers that are attached. */
  readonly providers: readonly string[]
  /** GPUs asked for; absent when none are. */
  readonly gpu?: GpuRequest
  /** The whole envelope as it was sent; absent when none was. */
  readonly driverConfig?: JsonObject
}

/** How the provisioning of a sandbox goes; gateways of line 0.1 tell. */
export interface SandboxProvisioningInfo {
  /** Identity of this attempt; empty when the gateway gives none. */
  readonly attemptId: string
  /** When provisioning is given up; absent for no limit. */
  readonly deadline?: Date
  /** Why cleaning up after a failed attempt failed; empty when it did not. */
  readonly cleanupError: string
}

/** Snapshot of a sandbox. */
export interface SandboxInfo {
  /** Unique for ever; a new sandbox of the same name has another id. */
  readonly id: string
  readonly name: string
  readonly workspace: string
  readonly phase: SandboxPhase
  /** Number of the phase on the wire. */
  readonly phaseNumber: number
  readonly conditions: readonly SandboxCondition[]
  /** Exit code of the main process; absent while it runs, and when it was never reported. */
  readonly exitCode?: number
  /** Identity of the running main process; absent before the first start. */
  readonly mainProcessInstanceId?: string
  /** The revision of the policy that the supervisor has loaded; absent before it has. */
  readonly currentPolicyVersion?: number
  /** How often the main process was started again; absent on line 0.0, which does not count. */
  readonly restartCount?: number
  /** When the main process is started again; absent when nothing is planned. */
  readonly nextRestartAt?: Date
  /** When the main process was started last; absent when that is not known. */
  readonly mainProcessStartedAt?: Date
  /** How provisioning goes; absent when the gateway does not say. */
  readonly provisioning?: SandboxProvisioningInfo
  readonly createdAt: Date
  /** When deletion was asked for; absent while it was not. */
  readonly deletedAt?: Date
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Grows with every change; compare for equality only. */
  readonly resourceVersion: string
  /** Fingerprint of the sandbox's SSH host key; absent while it is unknown. */
  readonly hostKeyFingerprint?: string
  /** The stored template that the sandbox was made from, with its version at that time; absent without one. */
  readonly template?: { readonly name: string; readonly resourceVersion: string }
  readonly spec: SandboxSpecInfo
}
