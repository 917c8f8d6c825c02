// For those who release a config.
export { type CheckCompatibilityOptions, checkCompatibility } from './check-compatibility.js'
export type { MigrationProof } from './check-migrations.js'
export type {
  CompatibilityReport,
  LockNotice,
  LockNoticeCode,
  VersionChange,
} from './compatibility-report.js'
export {
  type CompatibilityEffect,
  type CompatibilityRule,
  type CompatibilityRuleEntry,
  type CompatibilityVerdict,
  compatibilityRules,
} from './compatibility-rules.js'
export type { ConfigLock, ConfigWaiver, LockedTombstone, LockedVersion } from './config-lock.js'
export { ConfigLockError, type LockProblem, type LockProblemCode } from './config-lock-error.js'
export { readConfigLock } from './read-config-lock.js'
export type { SchemaChange } from './schema-change.js'
export {
  type WriteConfigLockOptions,
  type WrittenConfigLock,
  writeConfigLock,
} from './write-config-lock.js'
