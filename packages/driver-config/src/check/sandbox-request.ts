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
}
