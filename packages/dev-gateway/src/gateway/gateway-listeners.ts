import { ServerCredentials } from '@grpc/grpc-js'
import type { Logger } from 'pino'
import type { ApiContext } from '../api/api-context.js'
import { Authenticator } from '../auth/authenticator.js'
import { CallGate } from '../auth/call-gate.js'
import { GatewayUsers } from '../auth/gateway-users.js'
import { WorkspaceAuthorizer } from '../auth/workspace-authorizer.js'
import { driverCredentials } from '../driver/driver-credentials.js'
import type { FaultList } from '../faults/fault-list.js'
import { faultyService } from '../faults/faulty-service.js'
import { httpRouter } from '../http/http-router.js'
import { followTogether } from '../server/call-follower.js'
import { type GrpcListener, listenGrpc } from '../server/grpc-listener.js'
import { type HealthListener, listenHealth } from '../server/health-listener.js'
import { listenStatus, type StatusListener } from '../status-page/status-listener.js'
import { viewStatus } from '../status-page/status-view.js'
import type { CallLedger } from '../strict/call-ledger.js'
import { type GatewayTls, openGatewayTls } from '../tls/gateway-tls.js'
import type { KnownSecrets } from '../trace/known-secrets.js'
import { traceCalls } from '../trace/trace-calls.js'
import type { DevGatewayOptions } from './gateway-options.js'
import { servedLines } from './served-lines.js'

/** Where a gateway can be reached. */
export interface GatewayListeners {
  readonly grpc: GrpcListener
  /** Absent when no health port was asked for. */
  readonly health: HealthListener | undefined
  /** Absent when no status page was asked for. */
  readonly status: StatusListener | undefined
  /** Absent for plaintext. */
  readonly tls: GatewayTls | undefined
  /** Ends all. */
  close(): Promise<void>
}

/** What listeners need besides the gateway. */
export interface ListenerSurroundings {
  readonly logger: Logger
  readonly faults: FaultList
  /** Keeps account of the calls. */
  readonly ledger: CallLedger
  /** What no trace shows. */
  readonly secrets: KnownSecrets
  /** What an earlier run encrypted with. */
  readonly earlierTls?: GatewayTls | undefined
}

/** Opens a gateway's listeners; nothing is left open when one of them cannot be. */
export async function openListeners(
  api: ApiContext,
  options: DevGatewayOptions,
  { logger, faults, ledger, secrets, earlierTls }: ListenerSurroundings,
): Promise<GatewayListeners> {
  const tls = earlierTls ?? (await openTls(api, options))
  const gate = createGate(api, options, tls)
  const { services, explain } = servedLines[api.rules.line]
  const nameOf = (id: string) => api.store.sandboxes.get(id)?.name
  const supersede = (sandboxId: string) => void api.sessions.open(sandboxId, () => undefined)
  const served = services(api).map((service) => faultyService(service, { faults, clock: api.clock, nameOf, supersede }))
  const grpc = await listenGrpc(served, options.port ?? 0, {
    explain,
    credentials: tls?.credentials ?? ServerCredentials.createInsecure(),
    gate,
    logger,
    follow: followTogether(
      [ledger.follow(nameOf), ...(options.trace ? [traceCalls({ trace: options.trace, secrets })] : [])],
      logger,
    ),
    plainHttp: httpRouter(api, { edgeTunnel: options.edgeTunnel ?? api.rules.line === '0.0' }),
    onUnknownMethod: (path) => ledger.takeUnknown(path),
  })
  api.address.port = grpc.port
  api.address.scheme = tls ? 'https' : 'http'
  let health: HealthListener | undefined
  try {
    health = options.healthPort === undefined ? undefined : await listenHealth(options.healthPort)
    const status = await openStatus(api, options)
    return {
      grpc,
      health,
      status,
      tls,
      async close() {
        grpc.close()
        await Promise.all([health?.close(), status?.close()])
      },
    }
  } catch (error) {
    grpc.close()
    await health?.close()
    throw error
  }
}

async function openTls(
  { store, logger }: ApiContext,
  { tls, stateDirectory }: DevGatewayOptions,
): Promise<GatewayTls | undefined> {
  const warn = (sentence: string) => logger.warn(sentence)
  return tls && openGatewayTls(tls, { stateDirectory, nowMs: store.now(), warn })
}

async function openStatus(
  api: ApiContext,
  { statusPort, trace }: DevGatewayOptions,
): Promise<StatusListener | undefined> {
  if (statusPort === undefined || !trace) return undefined
  return listenStatus(statusPort, () => viewStatus(api, trace))
}

function createGate(api: ApiContext, options: DevGatewayOptions, tls: GatewayTls | undefined): CallGate {
  const { store, sshSessions, tokens } = api
  const { users = [], certificateUsers = users.length === 0, allowUnauthenticatedUsers } = options.auth ?? {}
  const authenticator = new Authenticator({
    tokens,
    users: users.length > 0 ? new GatewayUsers(users, store.now) : undefined,
    certificateUsers: certificateUsers && tls?.verifiesClients === true,
    allowUnauthenticatedUsers: allowUnauthenticatedUsers ?? users.length === 0,
  })
  const workspaces = new WorkspaceAuthorizer({
    roleIn: (workspace, subject) => store.members.find(workspace, subject)?.value.role,
    workspaceExists: (name) => store.workspaces.get(name) !== undefined,
    workspaceOfSandbox: (id) => store.sandboxes.get(id)?.workspace,
    sandboxOfSshSession: (token) => sshSessions.sandboxOf(token),
  })
  // Line 0.0 knows service accounts of Kubernetes only, and without tokens there is nothing to exchange a credential for.
  const exchanges = api.rules.line === '0.1' && tokens !== undefined
  return new CallGate(
    authenticator,
    workspaces,
    exchanges ? driverCredentials(api.driver, api.capabilities) : undefined,
  )
}
