import { setTimeout as delay } from 'node:timers/promises'
import type { ChannelOutput } from './channel-output.js'

/** How long after its exit a command's output may still come. */
const DRAIN_MS = 2_000

// No pipe holds more than this, so a slow client gets all that an ended command has written.
const LONGEST_REST_BYTES = 1024 * 1024

/**
 * Waits for the rest of an ended command's output: until its end, or for 2 s, because processes that it left behind may keep
 * the pipes open. While the client's window holds output back the wait goes on.
 */
export async function drainOutput(output: ChannelOutput, ended: Promise<unknown>, drainMs = DRAIN_MS): Promise<void> {
  const sentAtExit = output.sentBytes
  const stopWaiting = new AbortController()
  const done = ended.then(() => 'done' as const)
  try {
    for (;;) {
      const pause = delay(drainMs, 'late' as const, { signal: stopWaiting.signal }).catch(() => 'late' as const)
      if ((await Promise.race([done, pause])) === 'done') return
      if (!output.blocked || output.sentBytes - sentAtExit > LONGEST_REST_BYTES) return
    }
  } finally {
    stopWaiting.abort()
  }
}
