import type { Logger } from 'pino'
import type { ApiContext } from './api/v0-0/api-context.js'
import { inferenceService } from './api/v0-0/inference.js'
import { openShellService } from './api/v0-0/service.js'
import { Authenticator } from './auth/authenticator.js'
import type { DevGatewayOptions } from './gateway-options.js'
import { type GrpcListener, listenGrpc } from './server/grpc-listener.js'
import { type HealthListener, listenHealth } from './server/health-listener.js'

/** Where a gateway can be reached. */
export interface GatewayListeners {
  readonly grpc: GrpcListener
  /** Absent when no health port was asked for. */
  readonly health: HealthListener | undefined
  /** Ends both. */
  close(): Promise<void>
}

/** Opens a gateway's listeners; nothing is left open when one of them cannot be. */
export async function openListeners(
  api: ApiContext,
  options: DevGatewayOptions,
  logger: Logger,
): Promise<GatewayListeners> {
  const authenticator = new Authenticator({
    tokens: api.tokens,
    allowUnauthenticatedUsers: options.auth?.allowUnauthenticatedUsers ?? true,
  })
  const grpc = await listenGrpc([openShellService(api), inferenceService(api)], options.port ?? 0, {
    authenticate: (method, metadata) => authenticator.authenticate(method, metadata),
    logger,
  })
  api.address.port = grpc.port
  try {
    const health = options.healthPort === undefined ? undefined : await listenHealth(options.healthPort)
    return {
      grpc,
      health,
      async close() {
        grpc.close()
        await health?.close()
      },
    }
  } catch (error) {
    grpc.close()
    throw error
  }
}
