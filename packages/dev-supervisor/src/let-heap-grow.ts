import { setFlagsFromString } from 'node:v8'

/**
 * Lets the heap of this process grow to four times of what lives in it before all of it is collected, as V8 does by itself where it
 * finds collections slow. Most of what passes through lies outside of the heap, and counts: a small heap would be collected each few
 * megabytes.
 */
export function letHeapGrow(): void {
  setFlagsFromString('--heap-growing-percent=300')
}
