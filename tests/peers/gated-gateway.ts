import { createSimulatedDriver, type DevGateway, startDevGateway } from '@openshell-ts/dev-gateway'
import type { PeerLine } from './peer-lines.js'

/** Starts a gateway whose operator has not allowed `driver_config`, with a simulated driver of the name that scripts know. */
export async function startGatedGateway({ line }: Pick<PeerLine, 'line'>): Promise<DevGateway> {
  return await startDevGateway({ line, drivers: [createSimulatedDriver({ name: 'local-process' })] })
}
