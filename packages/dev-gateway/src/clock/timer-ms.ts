// Node runs timers that are longer than this at once.
const longestMs = 2_147_483_647

/** What a timer takes for a time in milliseconds: at most 24 days, also for Infinity. */
export function timerMs(ms: number): number {
  return Math.min(ms, longestMs)
}
