import type { OpenShellClient } from '@openshell-ts/sdk'

/** The sandboxes that the story has created and not deleted yet. Disposing of it deletes them. */
export class CreatedSandboxes {
  readonly #client: OpenShellClient
  readonly #names = new Set<string>()

  constructor(client: OpenShellClient) {
    this.#client = client
  }

  /**
   * Makes up a name and remembers it. Done before the gateway is asked, so that a sandbox is found and deleted also when
   * its creation is cut off half-way.
   */
  nextName(): string {
    const name = `story-${Math.random().toString(36).slice(2, 8)}`
    this.#names.add(name)
    return name
  }

  /** Deletes one sandbox and waits until it is gone. Nothing happens when there is none. */
  async delete(name: string): Promise<void> {
    await this.#client.sandboxes.delete(name, { wait: true })
    this.#names.delete(name)
  }

  /** Deletes what is left. Errors are thrown after all have been tried. */
  async [Symbol.asyncDispose](): Promise<void> {
    const results = await Promise.allSettled([...this.#names].map((name) => this.delete(name)))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }
}
