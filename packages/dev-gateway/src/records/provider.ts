import type { StoredRecord } from './stored-record.js'

/** Something that sandboxes need credentials for. Its record's scope is its workspace. */
export interface Provider {
  /** The kind of provider: the id of a profile, or free text. */
  readonly type: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Secret values by name; they leave the gateway only for the sandboxes that the provider is attached to. */
  readonly credentials: Readonly<Record<string, string>>
  /** Settings that are no secret. */
  readonly config: Readonly<Record<string, string>>
  /** When credentials end, in milliseconds since 1970, by name. A name that is missing never ends. */
  readonly credentialExpiresAtMs: Readonly<Record<string, number>>
  /** The workspace of its profile; empty for a profile of the platform. */
  readonly profileWorkspace: string
}

/** A provider as it is kept. */
export type ProviderRecord = StoredRecord<Provider>
