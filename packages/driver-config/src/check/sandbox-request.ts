import type { JsonObject } from '../envelope/json-value.js'

/** The typed fields of a request that stand beside the block, as far as rules need them. Everything may be absent. */
export interface SandboxRequest {
  /** Reference of the image. */
  readonly image?: string
  /** Whether GPUs are asked for, and how many; no count means any. */
  readonly gpu?: { readonly count?: number }
  /** CPU and memory as the request writes them. */
  readonly resources?: JsonObject
  /** Names of the environment variables that the request sets, never their values. */
  readonly environmentNames?: readonly string[]
  /** What the gateway passes on for the platform: `runtime_class_name`, `annotations`, `host_users`, `resources_raw`. */
  readonly platformConfig?: JsonObject
}
