import { createHash } from 'node:crypto'
import { failedPrecondition, invalidArgument, notFound } from '../errors/status-error.js'
import type { InferenceRouteRecord } from '../records/inference-route.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { type ResolvedEndpoint, resolveEndpoint } from './resolve-endpoint.js'
import { type VerifiedEndpoint, verifyEndpoint } from './verify-endpoint.js'

// Requests of the sandbox's programs, and those of the sandbox's own services.
const routeNames = ['inference.local', 'sandbox-system']

/** A route to set. */
export interface NewRoute {
  readonly workspace: string
  /** Empty for `inference.local`. */
  readonly routeName: string
  readonly providerName: string
  readonly modelId: string
  readonly timeoutSeconds: number
  /** Whether the endpoint is tried first. */
  readonly verify: boolean
}

/** A route that was set, and the endpoint that was tried, if one was. */
export interface RouteResult {
  readonly record: InferenceRouteRecord
  readonly verified: readonly VerifiedEndpoint[]
}

/**
 * Sets a route of a workspace; its version grows with each call.
 *
 * @throws StatusError FAILED_PRECONDITION for an unknown provider or an endpoint that fails, INVALID_ARGUMENT for one that
 *   cannot serve models.
 */
export async function setRoute(store: GatewayStore, route: NewRoute): Promise<RouteResult> {
  const { workspace, providerName, modelId, timeoutSeconds } = route
  const name = routeNameOf(route.routeName)
  if (providerName.trim() === '') throw invalidArgument('provider_name is required')
  if (modelId.trim() === '') throw invalidArgument('model_id is required')
  const provider = store.providers.find(workspace, providerName)
  if (!provider) throw failedPrecondition(`provider '${providerName}' not found`)
  const endpoint = resolveEndpoint(provider)
  const verified = route.verify ? [await verifyEndpoint(providerName, modelId, endpoint)] : []
  const present = store.inferenceRoutes.find(workspace, name)
  const version = (present?.value.version ?? 0) + 1
  const value = { providerName, modelId, timeoutSeconds, version }
  const record = present
    ? store.inferenceRoutes.update(present.id, value)
    : store.inferenceRoutes.insert(workspace, name, value)
  if (!record) throw notFound('inference route not found')
  return { record, verified }
}

/** The route of this name. Throws NOT_FOUND without one, INVALID_ARGUMENT for a name that no route has. */
export function getRoute(
  { inferenceRoutes }: GatewayStore,
  workspace: string,
  routeName: string,
): InferenceRouteRecord {
  const name = routeNameOf(routeName)
  const record = inferenceRoutes.find(workspace, name)
  if (record) return record
  throw notFound(
    `inference route '${name}' is not configured; run 'openshell inference set --provider <name> --model <id>'`,
  )
}

/** Deletes a route. Answers whether there was one; throws INVALID_ARGUMENT for a name that no route has. */
export function deleteRoute({ inferenceRoutes }: GatewayStore, workspace: string, routeName: string): boolean {
  const record = inferenceRoutes.find(workspace, routeNameOf(routeName))
  return record !== undefined && inferenceRoutes.remove(record.id)
}

/** The routes of a workspace with what is needed to use them. */
export interface RouteBundle {
  readonly routes: readonly (ResolvedEndpoint & { readonly record: InferenceRouteRecord })[]
  /** Opaque; equal for equal routes. */
  readonly revision: string
}

/**
 * Puts together the routes of a workspace, keys included: for supervisors alone.
 *
 * @throws StatusError FAILED_PRECONDITION when a route's provider is gone.
 */
export function resolveRoutes(store: GatewayStore, workspace: string): RouteBundle {
  const routes = routeNames.flatMap((name) => {
    const record = store.inferenceRoutes.find(workspace, name)
    if (!record) return []
    const provider = store.providers.find(workspace, record.value.providerName)
    if (!provider) {
      throw failedPrecondition(`configured provider '${record.value.providerName}' was not found`)
    }
    return [{ ...resolveEndpoint(provider), record }]
  })
  const content = JSON.stringify(routes.map(({ record, ...endpoint }) => [record.name, record.value, endpoint]))
  return { routes, revision: createHash('sha256').update(content).digest('hex').slice(0, 16) }
}

function routeNameOf(routeName: string): string {
  const name = routeName.trim() || 'inference.local'
  if (routeNames.includes(name)) return name
  throw invalidArgument(`unknown route_name '${name}'; expected 'inference.local' or 'sandbox-system'`)
}
