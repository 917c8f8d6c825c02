import type { EndpointFailure, EndpointResult } from '@openshell-ts/protocol/v0-1'

/** Why a request failed, as the supervisor said it. */
export type EndpointFailureRecord = Omit<EndpointFailure, '$typeName' | '$unknown'>

/** How requests to one endpoint of a sandbox's policy went. */
export interface EndpointStatusRecord {
  readonly endpointId: string
  /** Empty, as are ports and path, for an id that names no endpoint of the policy. */
  readonly host: string
  readonly ports: readonly number[]
  readonly path: string
  readonly lastResult: EndpointResult
  /** Milliseconds since 1970; 0 before the first report about it. */
  readonly lastReportedAtMs: number
  readonly lastFailure?: EndpointFailureRecord | undefined
}

/** The last token for an endpoint that could not be had. */
export interface TokenGrantFailureRecord {
  readonly destinationHost: string
  readonly destinationPort: number
  readonly failure?: EndpointFailureRecord | undefined
}
