// For driver authors: the driver.

// For driver authors: the config, so that a driver imports one package.
export {
  type BuildOptions,
  type CheckResourcesOptions,
  type CodecName,
  type CodeOptions,
  type CodeStep,
  type ConfigChain,
  type ConfigGate,
  type ConfigLimits,
  type ConfigRule,
  type ConfigStart,
  type ConfigVersionRange,
  type ConvertUnitOptions,
  code,
  convert,
  convertUnit,
  type DefineDriverConfigOptions,
  DefinitionError,
  type Deprecation,
  type Deprecations,
  type DriverConfig,
  type DropOptions,
  defineDriverConfig,
  drop,
  each,
  exclusive,
  extensions,
  type FieldConstant,
  type FieldIs,
  type GateFailure,
  type GateInput,
  gate,
  type HopOptions,
  type InvalidExample,
  implies,
  inVariant,
  lengthEquals,
  mapEnum,
  move,
  type NoConfig,
  type Note,
  noPathOverlap,
  notSecret,
  type OpaqueSchema,
  type Operation,
  type OperationList,
  type OperatorPolicy,
  type OverlapDirection,
  onlyWith,
  opaque,
  operations,
  type ParseContext,
  type PublishConfigOptions,
  type PublishedFile,
  type PublishedFiles,
  publishConfig,
  type ReadOnlyDominatesOptions,
  type RequestFact,
  type Resolved,
  type ResourceCheck,
  type ResourceState,
  type RuleCode,
  type RuleFailure,
  type RuleInput,
  type RuleOptions,
  readOnlyDominates,
  refers,
  rename,
  requires,
  rule,
  type SandboxRequest,
  type SecretRefOptions,
  secretRef,
  setDefault,
  type Tombstone,
  type UniqueOptions,
  type Unit,
  unique,
  unwrap,
  type VersionExamples,
  type VersionOptions,
  type VersionStatus,
  type WithDefault,
  withDefault,
  wrap,
  wrapList,
} from '@openshell-ts/driver-config'
export { defineDriver } from './define-driver.js'
export type {
  CallContext,
  Driver,
  DriverDefinition,
  EndContext,
  HandlerContext,
  LaunchContext,
  ListContext,
  SandboxObservation,
  ValidateContext,
  WatchContext,
} from './driver/driver.js'
export type { DriverCapabilities } from './driver/driver-capabilities.js'
export { DriverError, type DriverErrorCode, type DriverErrorFields } from './driver/driver-error.js'
export type { DriverLogger } from './driver/driver-logger.js'
export type { SettingDefinition, SettingDefinitions, SettingValues } from './driver/driver-settings.js'
export type { HandlerLimits } from './driver/handler-limits.js'
export type { Progress, ProgressStep } from './driver/progress.js'
export type { RequestedSandbox, Sandbox, SandboxResources } from './driver/sandbox.js'
export type { SandboxState } from './driver/sandbox-state.js'
export type { PendingOperation, SandboxRecord, SandboxSecrets, StampedConfig } from './engine/sandbox-record.js'
export type { BrokenRecord, SandboxStore, StoredSandbox } from './engine/sandbox-store.js'
export type { ContainerLaunch, ContainerLaunchOptions } from './launch/container-launch.js'
export type { LaunchOptions, SupervisorLaunch } from './launch/launch-options.js'
export type { ProcessLaunch, ProcessLaunchOptions } from './launch/process-launch.js'
export { findReservedPath, reservedPaths } from './launch/reserved-paths.js'
export { type SupervisorEnvironmentOptions, supervisorEnvironment } from './launch/supervisor-environment.js'
export {
  type SupervisorFile,
  type WriteSupervisorFilesOptions,
  writeSupervisorFiles,
} from './launch/supervisor-file.js'
export { supervisorLaunch } from './launch/supervisor-launch.js'
export { type RunDriverOptions, runDriver } from './run-driver.js'
export { type DriverServer, type ServeDriverOptions, serveDriver } from './server/serve-driver.js'
