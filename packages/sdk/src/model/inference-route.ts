/** Which route it is: `inference.local` is for programs in sandboxes, `sandbox-system` for the sandbox's own services. */
export type InferenceRouteName = 'inference.local' | 'sandbox-system'

/** Where a workspace's requests for models go. */
export interface InferenceRouteInfo {
  readonly name: InferenceRouteName | (string & {})
  readonly workspace: string
  readonly providerName: string
  readonly modelId: string
  /** Limit of one request; 0 means the default of the one who sends it. */
  readonly timeoutMs: number
  /** Counts how often the route was set, from 1. */
  readonly version: number
}

/** A route to set. */
export interface InferenceRouteSpec {
  /** Name of a provider of the workspace. */
  readonly providerName: string
  readonly modelId: string
  /** Limit of one request, rounded up to seconds; 0 leaves it to the one who sends it. @default 0 */
  readonly timeoutMs?: number
  /** Tries the provider's endpoint first, and sets nothing when that fails. @default true */
  readonly verify?: boolean
}

/** A route that was set. */
export interface InferenceRouteSetResult extends InferenceRouteInfo {
  /** The endpoints that were tried; empty with `verify: false`. */
  readonly verifiedEndpoints: readonly { readonly url: string; readonly protocol: string }[]
}
