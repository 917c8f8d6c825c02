import type { Server } from '@grpc/grpc-js'
import { ComputeDriver } from '@openshell-ts/protocol/compute'

/** The standard health service of a driver. */
export interface Health {
  /** Says whether the driver serves. It does not while it recovers and while it shuts down. */
  setServing(serving: boolean): void
}

/** Adds the standard health service; the driver does not serve until it says so. */
export async function addHealth(server: Server): Promise<Health> {
  // Loaded on demand: the package reads its own files while it is imported.
  const { HealthImplementation } = await import('grpc-health-check')
  const health = new HealthImplementation({ '': 'NOT_SERVING', [ComputeDriver.typeName]: 'NOT_SERVING' })
  health.addToServer(server)
  return {
    setServing(serving) {
      for (const name of ['', ComputeDriver.typeName]) health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING')
    },
  }
}
