import type { LockedVersion } from './config-lock.js'

/** True for a record that stays. */
export function isReleased({ released }: Pick<LockedVersion, 'released'>): boolean {
  return released !== false
}
