import type { DriverConfigEnvelope } from '@openshell-ts/driver-config/envelope'
import type { SandboxPolicy } from './sandbox-policy.js'
import type { ServiceSpec } from './service-info.js'

/** GPUs for a sandbox: `true` leaves the number to the driver, `{ count }` asks for at least 1. */
export type GpuRequest = true | { readonly count: number }

/** Computing resources in the platform's notation, such as `"500m"` and `"2Gi"`. Absent means the driver's default. */
export interface ResourceAmounts {
  readonly cpu?: string
  readonly memory?: string
}

/** What a sandbox may use, and what it is promised. */
export interface SandboxResources {
  /** Most that the sandbox may use; no limit of its own when absent. */
  readonly limits?: ResourceAmounts
  /** What the sandbox is promised; the driver's default when absent. */
  readonly requests?: ResourceAmounts
}

/** What a sandbox is made of. One template serves gateways with different drivers. */
export interface SandboxTemplate {
  /** Image reference; absent or empty means the driver's default. */
  readonly image?: string
  /** Command line of the main process, not interpreted by a shell; absent or empty means a login shell with a terminal. */
  readonly command?: readonly string[]
  /** Gives the main process a terminal. @default false */
  readonly tty?: boolean
  /** Environment of the sandbox; names starting with `OPENSHELL_` are refused. */
  readonly environment?: Readonly<Record<string, string>>
  /** Labels that `list({ labelSelector })` can select by. */
  readonly labels?: Readonly<Record<string, string>>
  /** Free text beside the labels. */
  readonly annotations?: Readonly<Record<string, string>>
  /** Computing resources; absent means the driver's defaults. */
  readonly resources?: SandboxResources
  /** GPUs; absent means none. */
  readonly gpu?: GpuRequest
  /**
   * One block per driver, by the driver's name: plain JSON, or what a driver's own builder made. Only the active driver's
   * block has an effect; the others are never an error.
   */
  readonly driverConfig?: DriverConfigEnvelope
}

/** Fields of the wire's own description of a sandbox, in camel case. */
export interface RawSandboxSpec {
  /** Fields of its template, such as `runtimeClassName` and `userNamespaces`. */
  readonly template?: Readonly<Record<string, unknown>>
  /** Any other, such as `restartPolicy` from gateway 0.1.0. */
  readonly [field: string]: unknown
}

/** What `sandboxes.create` takes: a template, and what belongs to this one sandbox. */
export interface SandboxCreateSpec extends SandboxTemplate {
  /** At most 19 characters: lower-case letters, digits, single inner hyphens. Absent or empty: the gateway makes one up. */
  readonly name?: string
  /** Names of the workspace's providers to attach; at most 32. */
  readonly providers?: readonly string[]
  /**
   * Name of a stored template that fills in what is not said here, entry by entry in environment and resources. It excludes
   * `driverConfig`. From gateway 0.1.0.
   */
  readonly template?: string
  /** What the sandbox may do; absent means the gateway's default. Only its network rules can be changed later. */
  readonly policy?: SandboxPolicy
  /** Services to expose at once; `sandbox.serviceUrls` has their URLs. From gateway 0.1.0. */
  readonly services?: readonly ServiceSpec[]
  /**
   * Fields of the wire that have no name of their own here: `{ template: { runtimeClassName: 'kata' }, restartPolicy: 'on-failure' }`. Enums
   * are words. Keys that gateways of this line do not know are refused, and so are those of which this type has a name.
   */
  readonly rawSpec?: RawSandboxSpec
  /** Log level of the supervisor, such as `debug`; absent or empty means its default. */
  readonly logLevel?: string
}
