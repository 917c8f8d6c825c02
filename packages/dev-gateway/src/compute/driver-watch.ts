import { once } from 'node:events'
import type { DriverPlatformEvent, WatchSandboxesEvent } from '@openshell-ts/protocol/compute'
import { removeSandbox } from '../store/gateway-store.js'
import { applySnapshot } from './apply-snapshot.js'
import type { ComputeContext } from './compute-context.js'

/**
 * Follows the driver's watch stream until `signal` aborts, and opens it again after `reopenMs` whenever it ends.
 *
 * Never rejects: a driver that is down or that sends nonsense costs a warning.
 */
export async function watchDriver(context: ComputeContext, reopenMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await watchOnce(context, signal)
    await context.clock.sleep(reopenMs, signal)
  }
}

async function watchOnce(context: ComputeContext, signal: AbortSignal): Promise<void> {
  const stream = context.driver.watch()
  const cancel = () => stream.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  stream.on('data', (event: WatchSandboxesEvent) => applyEvent(context, event))
  try {
    await once(stream, 'end')
    if (!signal.aborted) context.logger.warn('Compute driver watch stream ended unexpectedly')
  } catch (error) {
    if (!signal.aborted) context.logger.warn({ err: error }, 'Compute driver watch stream failed to start')
  } finally {
    signal.removeEventListener('abort', cancel)
    // A cancelled stream reports once more; nobody is interested.
    stream.on('error', () => undefined)
  }
}

function applyEvent({ store, sessions, logger }: ComputeContext, { payload }: WatchSandboxesEvent): void {
  try {
    if (payload.case === 'sandbox' && payload.value.sandbox) {
      const { sandbox } = payload.value
      applySnapshot(store.sandboxes, sandbox, sessions.connected(sandbox.id))
    } else if (payload.case === 'deleted') {
      removeSandbox(store, payload.value.sandboxId)
    } else if (payload.case === 'platformEvent' && payload.value.event) {
      const { sandboxId, event } = payload.value
      if (store.sandboxes.get(sandboxId)) store.platformEvents.push(sandboxId, toRecord(event))
    }
  } catch (error) {
    logger.error({ err: error }, 'Failed to apply compute driver event')
  }
}

function toRecord({ timestampMs, source, type, reason, message, metadata }: DriverPlatformEvent) {
  return { timestampMs, source, type, reason, message, metadata }
}
