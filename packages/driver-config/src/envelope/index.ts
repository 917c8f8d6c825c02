// For applications that send blocks.

// For tools that check blocks and render the reports.
export type { AcceptedConfig, Arrival, CheckResult, ConfigIssues, RefusedConfig } from '../issue/check-result.js'
export type { IssueCode, IssueFault, IssueSeverity } from '../issue/codes.js'
export { ConfigError, type ConfigErrorKind } from '../issue/config-error.js'
export type { ConfigIssue } from '../issue/config-issue.js'
export { describeIssue, formatIssues } from '../issue/format-issues.js'
export { suggestNames } from '../issue/suggest.js'
export type { DriverConfigBlock, DriverConfigEnvelope } from './driver-config-block.js'
export { encodeEnvelope, envelope } from './encode-envelope.js'
export { EnvelopeError } from './envelope-error.js'
export type { JsonObject, JsonValue } from './json-value.js'
export {
  type BlockLint,
  type DriverConfigChecker,
  type EnvelopeLint,
  type LintEnvelopeOptions,
  lintEnvelope,
} from './lint-envelope.js'
export { type BlockSelection, type EnvelopeWarning, selectBlock } from './select-block.js'
