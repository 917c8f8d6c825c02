// For driver authors: the declaration.

export { type ConfigGate, type GateFailure, type GateInput, gate, type OperatorPolicy } from './check/config-gate.js'
export type { Deprecation, Deprecations } from './check/deprecation.js'
// For programs that hand a config on, and for those that get one.
export type { DriverOnlyPart } from './check/driver-only-part.js'
export type { ConfigLimits } from './check/limits.js'
export type { Note, ParseContext, Tombstone, VersionStatus } from './check/lineage.js'
export type { ResourceCheck, ResourceState } from './check/resource-check.js'
export type { CheckResourcesOptions } from './check/resources.js'
export {
  type ConfigRule,
  type FieldConstant,
  type PortableRule,
  type RuleCode,
  type RuleFailure,
  type RuleInput,
  type RuleOptions,
  rule,
} from './check/rules.js'
export type { SandboxRequest } from './check/sandbox-request.js'
export {
  exclusive,
  type FieldIs,
  implies,
  lengthEquals,
  noPathOverlap,
  type OverlapDirection,
  onlyWith,
  type ReadOnlyDominatesOptions,
  type RequestFact,
  readOnlyDominates,
  refers,
  requires,
  type UniqueOptions,
  unique,
} from './check/standard-rules.js'
export type { StoredConfig } from './check/stored-config.js'
// For the continuous integration of driver authors: what was released of a config stays.
// For programs that run vectors.
export type { ExpectedIssue, VectorExpectation } from './conformance/conformance-vector.js'
export { type ConformanceBlock, readConformance } from './conformance/read-conformance.js'
export type {
  BuildOptions,
  ConfigChain,
  ConfigStart,
  HopOptions,
  InvalidExample,
  VersionExamples,
  VersionOptions,
} from './define/config-chain.js'
export type { DefineDriverConfigOptions } from './define/config-declaration.js'
export { defineDriverConfig } from './define/define-driver-config.js'
export { DefinitionError, type DefinitionErrorFields } from './define/definition-error.js'
export type {
  ConfigAtVersion,
  ConfigDescription,
  ConfigVersionInfo,
  ConfigVersionRange,
  DriverConfig,
  MigrateOptions,
  PublishedExamples,
  PublishedInvalidExample,
  PublishedSchema,
  Resolved,
  StoreOptions,
} from './define/driver-config.js'
export { type NoConfig, noDriverConfig } from './define/no-driver-config.js'
export type {
  StandardIssue,
  StandardJsonSchemaOptions,
  StandardJsonSchemas,
  StandardSchemaProps,
} from './define/standard-schema.js'
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
export type { IssueCode, IssueCodeEntry, IssueFault, IssueSeverity } from './issue/codes.js'
// For tools that render or transport issues.
export { issueCodeAnchor, issueCodes } from './issue/codes.js'
export { ConfigError, type ConfigErrorFields, type ConfigErrorKind } from './issue/config-error.js'
export type { ConfigIssue } from './issue/config-issue.js'
export { DriverConfigError } from './issue/driver-config-error.js'
export { type FaultCall, type FaultStatus, faultReason, faultStatus } from './issue/faults.js'
export { describeIssue, formatIssues } from './issue/format-issues.js'
export { suggestNames } from './issue/suggest.js'
// For driver authors: migrations as operations.
export { type CodeOptions, type CodeStep, code } from './operations/code.js'
export { type CodecName, convert } from './operations/convert.js'
export { type ConvertUnitOptions, convertUnit, type Unit } from './operations/convert-unit.js'
export { type DropOptions, drop } from './operations/drop.js'
export { each, inVariant } from './operations/each.js'
export { mapEnum } from './operations/map-enum.js'
export { move, rename } from './operations/move.js'
export type { Operation } from './operations/operation.js'
export { type OperationList, operations } from './operations/operations.js'
export { setDefault } from './operations/set-default.js'
export { unwrap, wrap, wrapList } from './operations/wrap.js'
export {
  type AdvertisedConfig,
  type AdvertisingConfig,
  advertiseConfig,
  type NegotiatedVersion,
  negotiateVersion,
  readAdvertisedConfig,
} from './publish/advertised-config.js'
export type { BundleProblem, BundleProblemCode } from './publish/bundle-problem.js'
export { loadPublishedConfig } from './publish/load-published-config.js'
export { type PublishConfigOptions, type PublishedFiles, publishConfig } from './publish/publish-config.js'
export { type PublishEnvelopeOptions, publishEnvelope } from './publish/publish-envelope.js'
export type { PublishedConfig } from './publish/published-config.js'
export { PublishedConfigError } from './publish/published-config-error.js'
export type { PublishedDocument, PublishedFile } from './publish/published-file.js'
export type { EnvelopeConfig } from './publish/write-envelope.js'
export { boundMessage, errorBudgetBytes, errorBytes } from './report/error-budget.js'
export {
  type ErrorReport,
  type ReportingDriver,
  reportBytes,
  toErrorReport,
} from './report/error-report.js'
export type { ReportContent, ReportInfo, ReportLink, ReportViolation } from './report/report-content.js'
export { nullMeansAbsent } from './schema/null-means-absent.js'
export { extensions, type OpaqueSchema, opaque } from './schema/opaque.js'
export { notSecret, type SecretRefOptions, secretRef } from './schema/secret-ref.js'
export { type WithDefault, withDefault } from './schema/with-default.js'
