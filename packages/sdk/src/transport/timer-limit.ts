/** The longest that a timer can wait; a longer one would fire at once. About 24 days, and so as good as no limit. */
export const MAX_TIMER_MS = 2_147_483_647

/** A limit for a timer; undefined for 0, which means none, and for what no timer can wait for. */
export function toTimerMs(limitMs: number): number | undefined {
  return limitMs > 0 && limitMs <= MAX_TIMER_MS ? Math.ceil(limitMs) : undefined
}
