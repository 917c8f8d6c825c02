import type { RecordInfo } from './record-info.js'

/** What becomes of the `authorization` header of a request to a service: taken away, or handed on. */
export type ServiceAuthorization = 'strip' | 'bearer-passthrough'

/** A port of a sandbox that the gateway routes HTTP to. */
export interface ServiceInfo extends Omit<RecordInfo, 'name' | 'deletedAt'> {
  /** Name of the service; empty for the sandbox's unnamed one. */
  readonly name: string
  readonly sandboxId: string
  readonly sandboxName: string
  /** The port inside the sandbox, on its loopback interface. */
  readonly targetPort: number
  /** Where the service is reached. */
  readonly url: string
  /** Absent on line 0.0, which has no choice; `unrecognized` is one that this release does not know. */
  readonly authorization?: ServiceAuthorization | 'unspecified' | 'unrecognized'
}

/** A port to expose. */
export interface ServiceSpec {
  /** Name of the service, a part of its URL; absent or empty for the sandbox's unnamed one. */
  readonly name?: string
  /** The port inside the sandbox, from 1 to 65535, on its loopback interface. */
  readonly targetPort: number
  /** What becomes of the `authorization` header; absent leaves it to the gateway. From gateway 0.1.0. */
  readonly authorization?: ServiceAuthorization
}
