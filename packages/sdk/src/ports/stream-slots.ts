import type { Gateway } from '../transport/gateway.js'
import { Semaphore } from './semaphore.js'

/** How many forwards a gateway lets into one sandbox at a time. */
export const STREAMS_PER_SANDBOX = 20

const slotsOfConnections = new WeakMap<object, Map<string, Semaphore>>()

/** Waits for one of the places that a sandbox has for forwards. Every handle of one client and of those derived from it shares them. */
export async function acquireStreamSlot(
  gateway: Gateway,
  sandboxId: string,
  signal: AbortSignal | undefined,
): Promise<() => void> {
  const slots = slotsOfConnections.get(gateway.connection) ?? new Map<string, Semaphore>()
  slotsOfConnections.set(gateway.connection, slots)
  const semaphore = slots.get(sandboxId) ?? new Semaphore(STREAMS_PER_SANDBOX)
  slots.set(sandboxId, semaphore)
  const link = gateway.link(signal)
  const release = await semaphore.acquire(link.signal).finally(link.release)
  return () => {
    release()
    if (semaphore.isIdle(STREAMS_PER_SANDBOX)) slots.delete(sandboxId)
  }
}
