import type { StoredRecord } from './stored-record.js'

/** An HTTP port of a sandbox that has a URL. Its record's scope is the workspace. */
export interface ExposedService {
  readonly sandboxId: string
  readonly sandboxName: string
  /** Empty for the one unnamed service of a sandbox. */
  readonly serviceName: string
  /** On the sandbox's loopback. */
  readonly targetPort: number
  /** Whether requests keep the authorization that their caller sent. Line 0.1 only. @default false */
  readonly passesAuthorization?: boolean
}

/** A service as it is kept. */
export type ExposedServiceRecord = StoredRecord<ExposedService>
