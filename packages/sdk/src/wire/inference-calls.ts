import type { DeleteResult } from '../model/delete-result.js'
import type { InferenceRouteInfo, InferenceRouteSetResult, InferenceRouteSpec } from '../model/inference-route.js'
import type { WireCall } from './wire-call.js'

/** A route by its names. */
export interface InferenceRouteAddress {
  readonly workspace: string
  readonly routeName: string
}

/** What a client says about inference routes; line 0.1 has none. */
export interface InferenceCalls {
  set(address: InferenceRouteAddress, spec: InferenceRouteSpec, call: WireCall): Promise<InferenceRouteSetResult>
  get(address: InferenceRouteAddress, call: WireCall): Promise<InferenceRouteInfo>
  delete(address: InferenceRouteAddress, call: WireCall): Promise<DeleteResult>
}
