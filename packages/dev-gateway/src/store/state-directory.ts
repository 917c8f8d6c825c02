import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { GatewayStartError } from '../gateway-start-error.js'
import { readSandboxRecord, writeSandboxRecord } from './sandbox-record.js'
import type { SandboxRow } from './sandbox-row.js'
import type { StatePersistence } from './state-persistence.js'
import type { WorkspaceRow } from './workspace-row.js'

/** What a gateway remembers from its last run. */
export interface SavedState {
  readonly sandboxes: readonly SandboxRow[]
  readonly workspaces: readonly WorkspaceRow[]
}

/**
 * A folder that keeps a gateway's sandboxes and workspaces: one small JSON file a sandbox, readable by its owner only,
 * because a sandbox's environment may hold secrets.
 */
export class StateDirectory implements StatePersistence {
  readonly #sandboxes: string
  readonly #workspaces: string

  /** Creates the folder when it is missing. */
  constructor(directory: string) {
    this.#sandboxes = join(directory, 'sandboxes')
    this.#workspaces = join(directory, 'workspaces.json')
    try {
      mkdirSync(this.#sandboxes, { recursive: true, mode: 0o700 })
    } catch (error) {
      throw unusable(directory, error)
    }
  }

  /**
   * Reads everything back, oldest sandbox first.
   *
   * @throws GatewayStartError that names the file when one cannot be read.
   */
  load(): SavedState {
    const sandboxes = readdirSync(this.#sandboxes)
      .filter((name) => name.endsWith('.json'))
      .map((name) => readJson(join(this.#sandboxes, name), readSandboxRecord))
      .sort((left, right) => left.createdAtMs - right.createdAtMs)
    const workspaces = readJson(this.#workspaces, (json) => json as WorkspaceRow[], [])
    return { sandboxes, workspaces }
  }

  saveSandbox(row: SandboxRow): void {
    writeJson(join(this.#sandboxes, `${row.id}.json`), writeSandboxRecord(row))
  }

  removeSandbox(id: string): void {
    rmSync(join(this.#sandboxes, `${id}.json`), { force: true })
  }

  saveWorkspaces(rows: readonly WorkspaceRow[]): void {
    writeJson(this.#workspaces, rows)
  }
}

function writeJson(path: string, value: unknown): void {
  writeFileAtomic.sync(path, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 })
}

function readJson<Value>(path: string, parse: (json: unknown) => Value, missing?: Value): Value {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (missing !== undefined && error instanceof Error && 'code' in error && error.code === 'ENOENT') return missing
    throw unusable(path, error)
  }
  try {
    return parse(JSON.parse(text))
  } catch (error) {
    throw unusable(path, error)
  }
}

function unusable(path: string, cause: unknown): GatewayStartError {
  return new GatewayStartError(
    'configuration',
    `The gateway's state in ${path} cannot be used; remove it to start without it.`,
    { cause },
  )
}
