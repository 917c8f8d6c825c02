import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import type { ComputeContext } from './compute-context.js'

const running = new Set([SandboxPhase.READY, SandboxPhase.PROVISIONING, SandboxPhase.STARTING])
const atOnce = 16

/**
 * Stops the compute of every running sandbox, for drivers whose compute dies with the gateway. The rows keep their phase.
 *
 * @throws Error that counts the sandboxes that could not be stopped.
 */
export async function stopAll({ store, driver, logger }: ComputeContext): Promise<void> {
  const rows = store.sandboxes.list().filter((row) => running.has(row.status.phase))
  let failures = 0
  const stopNext = async (): Promise<void> => {
    for (let row = rows.shift(); row; row = rows.shift()) {
      try {
        await driver.call('stopSandbox', { sandboxId: row.id, name: row.name })
      } catch (error) {
        failures++
        logger.error({ err: error, sandboxId: row.id }, 'Failed to stop a sandbox during shutdown')
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, stopNext))
  if (failures > 0) {
    throw new Error(
      `gateway shutdown cleanup failed: failed to stop ${failures} ${failures === 1 ? 'sandbox' : 'sandboxes'}`,
    )
  }
}
