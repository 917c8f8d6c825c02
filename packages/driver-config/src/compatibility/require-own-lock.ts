import type { ConfigLineage } from '../check/lineage.js'
import type { ConfigLock } from './config-lock.js'
import { ConfigLockError, lockProblem } from './config-lock-error.js'

/**
 * Holds a lock against the driver that it is for.
 *
 * @throws ConfigLockError when it is the lock of another driver.
 */
export function requireOwnLock({ driver }: ConfigLock, { driverName }: Pick<ConfigLineage, 'driverName'>): void {
  if (driver === driverName) return
  const what = `is "${driver}", but the config is the one of "${driverName}"`
  const fix = 'Name the lock file of this driver.'
  throw new ConfigLockError([lockProblem('OTHER_DRIVER', ['driver'], what, fix)])
}
