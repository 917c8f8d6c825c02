import type { ClientContext } from './client-context.js'
import type { ActiveDriverFinder } from './driver-config/active-driver.js'
import { Sandboxes } from './sandboxes.js'

/** Everything of one workspace. Every call names the workspace explicitly. */
export class WorkspaceClient {
  /** Name of the workspace. */
  readonly name: string
  readonly sandboxes: Sandboxes

  /** @internal Comes from `client.workspace(name)`. */
  constructor(context: ClientContext, name: string, activeDriver: ActiveDriverFinder) {
    this.name = name
    this.sandboxes = new Sandboxes(context, name, activeDriver)
  }
}
