import type { SandboxRecord, SandboxSecrets } from './sandbox-record.js'

/** A sandbox as the store gives it back. */
export interface StoredSandbox {
  readonly record: SandboxRecord
  /** The user's variables. */
  readonly environment: Readonly<Record<string, string>>
  /** Absolute path of the sandbox's own folder, mode 0700. */
  readonly directory: string
  /** Absolute path of the token file, mode 0600; absent when there is no token. */
  readonly tokenFile?: string
}

/** A record that cannot be read. It is kept as it is. */
export interface BrokenRecord {
  /** Where it is. */
  readonly place: string
  /** What is wrong with it and what to do, as one sentence. */
  readonly problem: string
}

/**
 * Where the kit keeps its sandboxes over restarts: in a folder, unless `serveDriver` is given another store. A write has
 * reached its place when its promise resolves, so that a crash right after it loses nothing. Only one process uses a store
 * at a time; the store sees to that. `file-sandbox-store.ts` is the model.
 */
export interface SandboxStore {
  /** Everything that is stored. One broken record never hides the others. Rejects when nothing can be read. */
  load(): Promise<{ readonly sandboxes: readonly StoredSandbox[]; readonly broken: readonly BrokenRecord[] }>
  /** Stores a new sandbox, whole or not at all, and makes its folder. Rejects when its id is stored already. */
  create(record: SandboxRecord, secrets: SandboxSecrets): Promise<StoredSandbox>
  /** Replaces a sandbox's record, whole or not at all; rejects when the sandbox is not stored. Updates of one sandbox are applied in the order of the calls. */
  update(record: SandboxRecord): Promise<void>
  /** Removes a sandbox with its folder and its secrets. Removing what is not there is no error. */
  remove(id: string): Promise<void>
  /** Gives the store up, so that another process can open it. */
  close(): Promise<void>
}
