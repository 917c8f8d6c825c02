import type { ClientContext } from './calls/client-context.js'
import { Drafts } from './drafts/drafts.js'
import type { ActiveDriverFinder } from './driver-config/active-driver.js'
import { InferenceRoutes } from './inference/inference-routes.js'
import { Policies } from './policies/policies.js'
import { Profiles } from './profiles/profiles.js'
import { Providers } from './providers/providers.js'
import { Sandboxes } from './sandboxes.js'
import { Services } from './services/services.js'
import { Templates } from './templates/templates.js'

/** Everything of one workspace. Every call names the workspace explicitly. */
export class WorkspaceClient {
  /** Name of the workspace. */
  readonly name: string
  readonly sandboxes: Sandboxes
  /** Stored templates; from gateway 0.1.0. */
  readonly templates: Templates
  /** Credentials and settings that sandboxes get. */
  readonly providers: Providers
  /** What types of providers need and may do. */
  readonly profiles: Profiles
  /** Ports of sandboxes that the gateway routes HTTP to. */
  readonly services: Services
  /** What sandboxes may do. */
  readonly policies: Policies
  /** Rules that sandboxes propose. */
  readonly drafts: Drafts
  /** Where requests for models go; gateways of line 0.0 only. */
  readonly inference: InferenceRoutes

  /** @internal Comes from `client.workspace(name)`. */
  constructor(context: ClientContext, name: string, activeDriver: ActiveDriverFinder) {
    this.name = name
    this.sandboxes = new Sandboxes(context, name, activeDriver)
    this.templates = new Templates(context, name, activeDriver)
    this.providers = new Providers(context, name)
    this.profiles = new Profiles(context, name)
    this.services = new Services(context, name)
    this.policies = new Policies(context, name)
    this.drafts = new Drafts(context, name)
    this.inference = new InferenceRoutes(context, name)
  }
}
