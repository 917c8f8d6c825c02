import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { timestampMs } from '@bufbuild/protobuf/wkt'
import {
  type GetSandboxProviderEnvironmentResponse,
  GetSandboxProviderEnvironmentResponseSchema,
} from '@openshell-ts/protocol/v0-0'
import { GetSandboxProviderEnvironmentResponseSchema as LaterResponseSchema } from '@openshell-ts/protocol/v0-1'
import type { Environment } from './child-environment.js'

/** What the attached providers bring into the sandbox, as the gateway tells it. Its values are secrets. */
export interface ProviderAnswer {
  readonly variables: Environment
  /** When values end, in milliseconds since the epoch, by variable; values without an end are missing. */
  readonly expiresAtMs: ReadonlyMap<string, number>
  /** Changes whenever the content does; 0 without providers. */
  readonly revision: bigint
  /** The set of attached providers; empty on line 0.0. */
  readonly attachmentEpoch: string
  /** Contents of files by path; none on line 0.0. */
  readonly files: ReadonlyMap<string, string>
}

/** The answer of a gateway of either line: what the lines say differently has other field numbers, so it is read as both. */
export function toProviderAnswer(response: GetSandboxProviderEnvironmentResponse): ProviderAnswer {
  const later = fromBinary(LaterResponseSchema, toBinary(GetSandboxProviderEnvironmentResponseSchema, response))
  const expiresAtMs = new Map<string, number>()
  for (const [name, end] of Object.entries(response.credentialExpiresAtMs)) expiresAtMs.set(name, Number(end))
  for (const [name, end] of Object.entries(later.credentialExpirationTimes)) expiresAtMs.set(name, timestampMs(end))
  return {
    variables: response.environment,
    expiresAtMs,
    revision: response.providerEnvRevision,
    attachmentEpoch: later.providerAttachmentEpoch,
    files: new Map(Object.entries(later.files)),
  }
}
