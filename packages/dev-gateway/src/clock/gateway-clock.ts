import { setTimeout as sleep } from 'node:timers/promises'
import { timerMs } from './timer-ms.js'

/** The time by which a gateway sweeps, opens an ended watch again, waits for its driver, ages rows and lets tokens expire. */
export interface GatewayClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after this many milliseconds, or as soon as `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The clock of the machine. */
export const systemClock: GatewayClock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(timerMs(ms), undefined, { signal }).catch(() => undefined),
}
