import { status as codes } from '@grpc/grpc-js'
import { StatusError } from '../contract/status-error.js'
import type { SandboxEntry } from './sandbox-entry.js'

/** How a request names a sandbox. A gateway always sends both. */
export interface SandboxReference {
  /** The id; `''` when the request has none. */
  readonly sandboxId: string
  /** The name; `''` when the request has none. */
  readonly name: string
}

/** The sandboxes that the driver has, by id and by name. */
export class Registry {
  readonly #byId = new Map<string, SandboxEntry>()
  readonly #byName = new Map<string, SandboxEntry>()

  /** All entries, in the order in which they were added. */
  values(): IterableIterator<SandboxEntry> {
    return this.#byId.values()
  }

  get(id: string): SandboxEntry | undefined {
    return this.#byId.get(id)
  }

  /** Whether the id, or the name in its workspace, is taken. */
  isTaken({ id, name, workspace }: { id: string; name: string; workspace: string }): boolean {
    return this.#byId.has(id) || this.#byName.has(nameKey(name, workspace))
  }

  add(entry: SandboxEntry): void {
    this.#byId.set(entry.id, entry)
    this.#byName.set(nameKey(entry.name, entry.workspace), entry)
  }

  /** Takes the entry out; returns false when it was not there any more. */
  remove(entry: SandboxEntry): boolean {
    if (this.#byId.get(entry.id) !== entry) return false
    this.#byName.delete(nameKey(entry.name, entry.workspace))
    return this.#byId.delete(entry.id)
  }

  /**
   * The sandbox that a request means, or `undefined` when there is none. The id decides; a name without an id must be
   * unique over all workspaces, because requests name no workspace.
   *
   * @throws StatusError INVALID_ARGUMENT without id and name, FAILED_PRECONDITION when they belong to different sandboxes.
   */
  find({ sandboxId, name }: SandboxReference): SandboxEntry | undefined {
    if (sandboxId === '' && name === '') {
      throw new StatusError(codes.INVALID_ARGUMENT, 'sandbox_id or sandbox_name is required')
    }
    if (sandboxId === '') return this.#findByName(name)
    const entry = this.#byId.get(sandboxId)
    if (entry !== undefined && name !== '' && entry.name !== name) {
      throw new StatusError(
        codes.FAILED_PRECONDITION,
        'sandbox_id and sandbox_name belong to different sandboxes; send the pair that the driver listed, or the id alone',
      )
    }
    return entry
  }

  /** As `find`, for requests that need the sandbox. @throws StatusError NOT_FOUND when there is none. */
  require(reference: SandboxReference): SandboxEntry {
    const entry = this.find(reference)
    if (entry === undefined) throw new StatusError(codes.NOT_FOUND, 'sandbox not found')
    return entry
  }

  #findByName(name: string): SandboxEntry | undefined {
    const found = [...this.#byId.values()].filter((entry) => entry.name === name)
    if (found.length > 1) {
      throw new StatusError(
        codes.FAILED_PRECONDITION,
        'several workspaces have a sandbox of this name; send sandbox_id',
      )
    }
    return found[0]
  }
}

function nameKey(name: string, workspace: string): string {
  return JSON.stringify([workspace, name])
}
