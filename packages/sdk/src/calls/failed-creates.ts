import type { OpenShellError } from '../errors/openshell-error.js'

const MAX_KEPT = 100

/** Remembers the creates of a client that failed, for callers who overlooked it and wonder where their sandbox is. */
export class FailedCreates {
  // The oldest first.
  readonly #kinds = new Map<string, string>()

  /** A create of this name failed. */
  remember(workspace: string, name: string, error: OpenShellError): void {
    const key = keyOf(workspace, name)
    this.#kinds.delete(key)
    this.#kinds.set(key, error.code ?? error.kind)
    for (const oldest of this.#kinds.keys()) {
      if (this.#kinds.size <= MAX_KEPT) break
      this.#kinds.delete(oldest)
    }
  }

  /** There is a sandbox of this name now. */
  forget(workspace: string, name: string): void {
    this.#kinds.delete(keyOf(workspace, name))
  }

  /** What to say to somebody who looks for this name; undefined when no create of it failed. */
  hintFor(workspace: string, name: string): string | undefined {
    const kind = this.#kinds.get(keyOf(workspace, name))
    return kind && `The create of this name failed before, with ${kind}: look at its error.`
  }
}

// A workspace's name holds no slash.
function keyOf(workspace: string, name: string): string {
  return `${workspace}/${name}`
}
