import type { Gateway } from '../transport/gateway.js'
import { Semaphore } from './semaphore.js'

/** How many forwards a gateway lets into one sandbox at a time. */
export const STREAMS_PER_SANDBOX = 20

const slotsOfGateways = new WeakMap<Gateway, Map<string, Semaphore>>()

/** Waits for one of the places that a sandbox has for forwards. Every handle of one client shares them. */
export async function acquireStreamSlot(
  gateway: Gateway,
  sandboxId: string,
  signal: AbortSignal | undefined,
): Promise<() => void> {
  const slots = slotsOfGateways.get(gateway) ?? new Map<string, Semaphore>()
  slotsOfGateways.set(gateway, slots)
  const semaphore = slots.get(sandboxId) ?? new Semaphore(STREAMS_PER_SANDBOX)
  slots.set(sandboxId, semaphore)
  const release = await semaphore.acquire(signal)
  return () => {
    release()
    if (semaphore.isIdle(STREAMS_PER_SANDBOX)) slots.delete(sandboxId)
  }
}
