// For driver authors.
export type { ConfigLimits } from './check/limits.js'
export type { Note, ParseContext, VersionStatus } from './check/lineage.js'
export type {
  BuildOptions,
  ConfigChain,
  ConfigStart,
  HopOptions,
  VersionExamples,
  VersionOptions,
} from './define/config-chain.js'
export { type DefineDriverConfigOptions, defineDriverConfig } from './define/define-driver-config.js'
export { DefinitionError } from './define/definition-error.js'
export type {
  ConfigAtVersion,
  ConfigDescription,
  ConfigVersionInfo,
  ConfigVersionRange,
  DriverConfig,
  MigrateOptions,
  PublishedSchema,
  Resolved,
} from './define/driver-config.js'
export { type NoConfig, noDriverConfig } from './define/no-driver-config.js'
// For applications that send blocks; also under /envelope, which needs no TypeBox.
export type { DriverConfigBlock, DriverConfigEnvelope } from './envelope/driver-config-block.js'
export { encodeEnvelope, envelope } from './envelope/encode-envelope.js'
export { EnvelopeError } from './envelope/envelope-error.js'
export type { JsonObject, JsonValue } from './envelope/json-value.js'
export {
  type BlockLint,
  type DriverConfigChecker,
  type EnvelopeLint,
  type LintEnvelopeOptions,
  lintEnvelope,
} from './envelope/lint-envelope.js'
export { type BlockSelection, type EnvelopeWarning, selectBlock } from './envelope/select-block.js'
export type { AcceptedConfig, Arrival, CheckResult, ConfigIssues, RefusedConfig } from './issue/check-result.js'
export type { IssueCode, IssueCodeEntry } from './issue/codes.js'
// For tools that render or transport issues.
export { issueCodeAnchor, issueCodes } from './issue/codes.js'
export { ConfigError, type ConfigErrorFields, type ConfigErrorKind } from './issue/config-error.js'
export type { ConfigIssue, IssueFault, IssueSeverity } from './issue/config-issue.js'
export { DriverConfigError } from './issue/driver-config-error.js'
export { type FaultCall, type FaultStatus, faultReason, faultStatus } from './issue/faults.js'
export { describeIssue, formatIssues } from './issue/format-issues.js'
export { suggestNames } from './issue/suggest.js'
export { extensions, type OpaqueSchema, opaque } from './schema/opaque.js'
export { type WithDefault, withDefault } from './schema/with-default.js'
