// For driver authors: the driver.

// For driver authors: the config, so that a driver imports one package.
export {
  type BuildOptions,
  type ConfigChain,
  type ConfigLimits,
  type ConfigStart,
  type ConfigVersionRange,
  type DefineDriverConfigOptions,
  DefinitionError,
  type DriverConfig,
  defineDriverConfig,
  extensions,
  type HopOptions,
  type NoConfig,
  type Note,
  type OpaqueSchema,
  opaque,
  type ParseContext,
  type Resolved,
  type VersionExamples,
  type VersionOptions,
  type VersionStatus,
  type WithDefault,
  withDefault,
} from '@openshell-ts/driver-config'
export { defineDriver } from './define-driver.js'
export type {
  Driver,
  DriverDefinition,
  EndContext,
  HandlerContext,
  LaunchContext,
  ListContext,
  SandboxObservation,
  ValidateContext,
  WatchContext,
} from './driver.js'
export type { DriverCapabilities } from './driver-capabilities.js'
export { DriverError, type DriverErrorCode, type DriverErrorFields } from './driver-error.js'
export type { DriverLogger } from './driver-logger.js'
export type { SettingDefinition, SettingDefinitions, SettingValues } from './driver-settings.js'
export { findReservedPath, reservedPaths } from './launch/reserved-paths.js'
export { type SupervisorEnvironmentOptions, supervisorEnvironment } from './launch/supervisor-environment.js'
export type { Progress, ProgressStep } from './progress.js'
export { type RunDriverOptions, runDriver } from './run-driver.js'
export type { RequestedSandbox, Sandbox, SandboxResources } from './sandbox.js'
export type { SandboxState } from './sandbox-state.js'
export { type DriverServer, type ServeDriverOptions, serveDriver } from './serve-driver.js'
