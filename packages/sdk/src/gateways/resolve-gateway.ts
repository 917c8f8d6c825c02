import { join } from 'node:path'
import type { ClientAuth } from '../auth/client-auth.js'
import type { ConnectOptions } from '../connect/connect-options.js'
import type { FromGatewayOptions } from '../connect/from-gateway-options.js'
import { OpenShellError } from '../errors/openshell-error.js'
import { type Endpoint, parseEndpoint } from '../transport/endpoint.js'
import type { Logger } from '../transport/logger.js'
import type { TlsOptions } from '../transport/tls-options.js'
import { type ConfigRoots, findConfigRoots } from './config-roots.js'
import { discoveryError } from './discovery-error.js'
import { type Environment, isOn, variable } from './environment.js'
import { type GatewayMetadata, withoutSlashes } from './gateway-metadata.js'
import { isGatewayName } from './gateway-name.js'
import { SecretFiles } from './secret-files.js'
import { createStoredEdgeProvider } from './stored-edge-token.js'
import { findActiveName, findGateway, findGatewayAt, getGateway } from './stored-gateways.js'
import { createStoredOidcProvider } from './stored-oidc-provider.js'
import { findStoredTls } from './stored-tls.js'

const TRUST_ANYBODY: TlsOptions = { insecureSkipVerify: true }

/** Which gateway is looked for. */
export interface GatewayRequest {
  /** Name that the caller gave; absent: the environment's, else the selected one. */
  readonly name?: string | undefined
  /** Whether `OPENSHELL_GATEWAY_ENDPOINT` counts. */
  readonly endpointFromEnvironment: boolean
  readonly options: FromGatewayOptions
}

/** A gateway as it was found: where it is, and whose credentials it gets. */
interface FoundGateway {
  readonly endpoint: Endpoint
  /** Absent when nothing is known of it but the endpoint. */
  readonly name?: string | undefined
  readonly metadata?: GatewayMetadata | undefined
}

/** Finds a gateway as the command line tool does, and turns what is stored of it into options of a connection. */
export async function resolveGateway({ options, ...request }: GatewayRequest): Promise<ConnectOptions> {
  const { environment = process.env, ...connectOptions } = options
  if ('endpoint' in options) throw endpointGiven()
  if (typeof (request.name ?? '') !== 'string') throw nameIsNoText()
  const roots = findConfigRoots(environment)
  const found = await find(roots, environment, request)
  const files = new SecretFiles(options.logger)
  const workspace = variable(environment, 'OPENSHELL_WORKSPACE')
  const auth = options.auth ?? storedAuth(found, { roots, environment, files, logger: options.logger })
  return {
    endpoint: found.endpoint.address,
    tls: options.tls ?? (await storedTls(found, { roots, environment, files })),
    ...(workspace !== undefined && { workspace }),
    ...connectOptions,
    ...(auth && { auth }),
  }
}

async function find(
  roots: ConfigRoots,
  environment: Environment,
  { name, endpointFromEnvironment }: Omit<GatewayRequest, 'options'>,
): Promise<FoundGateway> {
  const named = variable(environment, 'OPENSHELL_GATEWAY')
  const text = endpointFromEnvironment ? variable(environment, 'OPENSHELL_GATEWAY_ENDPOINT') : undefined
  if (text !== undefined) {
    const endpoint = parseEndpoint(withoutSlashes(text), 'OPENSHELL_GATEWAY_ENDPOINT')
    const stored = await (named === undefined ? findGatewayAt(roots, endpoint) : findTrusted(roots, named))
    return { ...stored, endpoint }
  }
  if (name !== undefined) return foundAt(await getGateway(roots, name, 'The name that was given'))
  if (named !== undefined) return foundAt(await getGateway(roots, named, 'OPENSHELL_GATEWAY'))
  const active = await findActiveName(roots)
  if (active === undefined) throw nothingSelected(roots)
  return foundAt(await getGateway(roots, active, 'active_gateway'))
}

// With an endpoint beside it, a name only says whose credentials to use, and needs no metadata.
async function findTrusted(roots: ConfigRoots, name: string): Promise<Omit<FoundGateway, 'endpoint'>> {
  if (!isGatewayName(name)) return getGateway(roots, name, 'OPENSHELL_GATEWAY')
  return (await findGateway(roots, name)) ?? { name }
}

function foundAt(gateway: { readonly name: string; readonly metadata: GatewayMetadata }): FoundGateway {
  const { endpoint, authMode } = gateway.metadata
  if (authMode === 'mtls' && !endpoint.secure) {
    throw new OpenShellError({
      kind: 'configuration',
      message: `The metadata of gateway ${gateway.name} says auth_mode mtls, but its gateway_endpoint is not https.`,
      hint: 'Add the gateway again: openshell gateway add',
    })
  }
  return { ...gateway, endpoint }
}

interface CredentialPlaces {
  readonly roots: ConfigRoots
  readonly environment: Environment
  readonly files: SecretFiles
}

async function storedTls(found: FoundGateway, { roots, environment, files }: CredentialPlaces): Promise<TlsOptions> {
  if (!found.endpoint.secure) return {}
  const trustsAnybody = isOn(environment, 'OPENSHELL_GATEWAY_INSECURE')
  // The certificate of an edge is one of the system's authorities.
  if (found.name === undefined || found.metadata?.authMode === 'cloudflare_jwt') {
    return trustsAnybody ? TRUST_ANYBODY : {}
  }
  const { name, metadata } = found
  const wantsBundle = metadata !== undefined && (metadata.authMode ?? 'mtls') === 'mtls'
  const place = { userRoot: roots.user, name, files }
  const stored = await findStoredTls(place, wantsBundle ? 'required' : 'optional')
  const { ca, ...own } = stored
  return trustsAnybody ? { ...own, ...TRUST_ANYBODY } : stored
}

function storedAuth(
  { name, metadata }: FoundGateway,
  { roots, environment, files, logger }: CredentialPlaces & { readonly logger: Logger | undefined },
): ClientAuth | undefined {
  if (name === undefined || metadata === undefined) return undefined
  const folder = join(roots.user, 'gateways', name)
  if (metadata.authMode === 'cloudflare_jwt') {
    return { type: 'edge', tunnel: true, getToken: createStoredEdgeProvider(folder, name, files) }
  }
  if (metadata.authMode !== 'oidc') return undefined
  const options = {
    scopes: metadata.oidcScopes,
    audience: metadata.oidcAudience,
    clientSecret: variable(environment, 'OPENSHELL_OIDC_CLIENT_SECRET'),
    logger,
  }
  const file = { path: join(folder, 'oidc_token.json'), name, files }
  return { type: 'bearer', getToken: createStoredOidcProvider(file, options) }
}

function endpointGiven(): OpenShellError {
  return new OpenShellError({
    kind: 'configuration',
    message: 'Option endpoint does not go with a stored gateway: its credentials are for its own endpoint.',
    hint: 'Use OpenShellClient.connect({ endpoint }), or leave the option out.',
  })
}

function nameIsNoText(): OpenShellError {
  return new OpenShellError({
    kind: 'configuration',
    message: 'The name of a gateway must be a text.',
    hint: 'Options come second: OpenShellClient.fromGateway(undefined, options).',
  })
}

function nothingSelected({ user, system }: ConfigRoots): OpenShellError {
  return discoveryError({
    path: join(user, 'active_gateway'),
    problem: `names no gateway, and neither does ${join(system, 'active_gateway')}`,
    hint: 'Run: openshell gateway select NAME, set OPENSHELL_GATEWAY, or give the name.',
  })
}
