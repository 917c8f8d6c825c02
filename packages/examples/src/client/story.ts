import type { OpenShellClient } from '@openshell-ts/sdk'
import type { CreatedSandboxes } from './created-sandboxes.js'

/** What the steps of the story share. */
export interface Story {
  readonly client: OpenShellClient
  /** Key of the gateway's driver; `undefined` when the gateway does not say and no option does. */
  readonly activeDriver: string | undefined
  readonly created: CreatedSandboxes
  /** Aborts when the story is to end early. */
  readonly signal: AbortSignal
}

/** Something did not go as the story goes. The message is for people and says what to look at. */
export class StoryError extends Error {
  override readonly name = 'StoryError'
}
