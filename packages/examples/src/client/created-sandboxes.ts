import { type OpenShellClient, OpenShellError } from '@openshell-ts/sdk'

const DELETE_TIMEOUT_MS = 30_000

/** The sandboxes that the story has created and not deleted yet. Disposing of it deletes them. */
export class CreatedSandboxes implements AsyncDisposable {
  readonly #client: OpenShellClient
  readonly #tell: (line: string) => void
  readonly #names = new Set<string>()

  /** `tell` hears what becomes of the sandboxes that are left at the end. */
  constructor(client: OpenShellClient, tell: (line: string) => void) {
    this.#client = client
    this.#tell = tell
  }

  /**
   * Makes up a name and remembers it: before the gateway is asked, so that a sandbox is also found and deleted when nobody
   * heard the answer to its creation.
   */
  nextName(): string {
    const name = `story-${Math.random().toString(36).slice(2, 8)}`
    this.#names.add(name)
    return name
  }

  /** Deletes a sandbox and waits until it is gone; returns false when there was none. */
  async delete(name: string): Promise<boolean> {
    const { outcome } = await this.#client.sandboxes.delete(name, { wait: true, timeoutMs: DELETE_TIMEOUT_MS })
    this.#names.delete(name)
    return outcome !== 'absent'
  }

  /** Deletes what is left. Never throws: the story may be ending because of an error that is worth more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#names].map((name) => this.#cleanUp(name)))
  }

  async #cleanUp(name: string): Promise<void> {
    try {
      if (await this.delete(name)) this.#tell(`sandbox ${name} is deleted`)
    } catch (error) {
      const reason = error instanceof OpenShellError ? error.kind : String(error)
      this.#tell(`sandbox ${name} may be left behind: it could not be deleted (${reason})`)
    }
  }
}
