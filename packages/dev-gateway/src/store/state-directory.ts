import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readJsonFile, writeJsonFile } from '../files/json-file.js'
import { makeOwnFolder } from '../files/own-folder.js'
import type { RecordCodec } from '../records/record-codec.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import type { WorkspaceRow } from '../records/workspace-row.js'
import { openRecordFile } from './record-file.js'
import type { RecordStoreOptions } from './record-store.js'
import { readSandboxRecord, writeSandboxRecord } from './sandbox-record.js'
import type { StatePersistence } from './state-persistence.js'

/** What a gateway remembers from its last run. */
export interface SavedState {
  readonly sandboxes: readonly SandboxRow[]
  readonly workspaces: readonly WorkspaceRow[]
}

/**
 * A folder that keeps what a gateway knows: one small JSON file a sandbox, and one for each other kind of record. All are
 * readable by their owner only, because a sandbox's environment and a provider's credentials are secrets.
 */
export class StateDirectory implements StatePersistence {
  readonly #directory: string
  readonly #sandboxes: string
  readonly #workspaces: string
  #closed = false

  /**
   * Creates the folder when it is missing.
   *
   * @throws GatewayStartError when that cannot be.
   */
  constructor(directory: string) {
    this.#directory = directory
    this.#sandboxes = join(directory, 'sandboxes')
    this.#workspaces = join(directory, 'workspaces.json')
    makeOwnFolder(directory)
    makeOwnFolder(this.#sandboxes)
  }

  /**
   * Reads everything back, oldest sandbox first.
   *
   * @throws GatewayStartError that names the file when one cannot be read.
   */
  load(): SavedState {
    const sandboxes = readdirSync(this.#sandboxes)
      .filter((name) => name.endsWith('.json'))
      .map((name) => readJsonFile(join(this.#sandboxes, name), readSandboxRecord))
      .sort((left, right) => left.createdAtMs - right.createdAtMs)
    const workspaces = readJsonFile(this.#workspaces, readWorkspaces, [])
    return { sandboxes, workspaces }
  }

  /** The file that remembers calls with ids. */
  get requestLogPath(): string {
    return join(this.#directory, 'requests.jsonl')
  }

  /** Leaves everything as it is from now on. */
  close(): void {
    this.#closed = true
  }

  saveSandbox(row: SandboxRow): void {
    if (this.#closed) return
    writeJsonFile(join(this.#sandboxes, `${row.id}.json`), writeSandboxRecord(row))
  }

  removeSandbox(id: string): void {
    if (this.#closed) return
    rmSync(join(this.#sandboxes, `${id}.json`), { force: true })
  }

  saveWorkspaces(rows: readonly WorkspaceRow[]): void {
    if (this.#closed) return
    writeJsonFile(this.#workspaces, rows)
  }

  /** Keeps the records of one kind in a file of that name. */
  records<Value>(kind: string, codec: RecordCodec<Value>): Required<Pick<RecordStoreOptions<Value>, 'saved' | 'save'>> {
    const { saved, save } = openRecordFile(join(this.#directory, `${kind}.json`), codec)
    return { saved, save: (records) => (this.#closed ? undefined : save(records)) }
  }
}

function readWorkspaces(json: unknown): WorkspaceRow[] {
  if (Array.isArray(json) && json.every((row) => typeof row?.name === 'string')) return json
  throw new TypeError('These are no workspaces.')
}
