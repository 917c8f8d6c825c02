// For applications.

// What is thrown.
export { CommandFailedError } from './command-failed-error.js'
export type { CommandEvent } from './commands/command-event.js'
export type { CommandExit } from './commands/command-exit.js'
export type { CommandHandle } from './commands/command-handle.js'
export type {
  CommandInteractiveOptions,
  CommandOptions,
  CommandRunOptions,
  CommandStartOptions,
} from './commands/command-options.js'
export type { CommandResult } from './commands/command-result.js'
export type { Commands } from './commands/commands.js'
export type { TerminalHandle } from './commands/terminal-handle.js'
export type { ConnectOptions } from './connect-options.js'
export type { SandboxCreateOptions } from './create-options.js'
export type { DeleteOptions, DeleteResult } from './delete-result.js'
export type { SandboxWarning } from './driver-config/sandbox-warning.js'
export {
  type DriverConfigProblem,
  type DriverConfigRefusal,
  DriverConfigRejectedError,
} from './driver-config-rejected-error.js'
export { type ErrorKind, OpenShellError, type OpenShellErrorFields, type Violation } from './errors.js'
export { ExecResultUnknownError } from './exec-result-unknown-error.js'
export type { ComputeDriverInfo, CurrentUser, GatewayHealth, GatewayInfo, ServiceHealth } from './gateway-info.js'
export type { Logger } from './logger.js'
export { OpenShellClient } from './openshell-client.js'
export type { Page, Pager } from './pager.js'
export type { RequestOptions } from './request-options.js'
export type { Sandbox } from './sandbox.js'
export type {
  SandboxCondition,
  SandboxInfo,
  SandboxPhase,
  SandboxProvisioningInfo,
  SandboxSpecInfo,
} from './sandbox-info.js'
export type { Sandboxes, SandboxListOptions } from './sandboxes.js'
export type { GpuRequest, ResourceAmounts, SandboxCreateSpec, SandboxResources, SandboxTemplate } from './template.js'
export type { RetryOptions } from './transport/retry.js'
export type { TlsOptions } from './transport/tls-options.js'
export { UnsupportedGatewayError } from './unsupported-gateway-error.js'
export { WaitFailedError } from './wait-failed-error.js'
export type { ProgressListener, SandboxProgress } from './watch/sandbox-progress.js'
export type { WaitOptions } from './watch/wait-options.js'
export type { LogLine, PlatformEvent, WatchEvent } from './watch/watch-event.js'
export type { WatchOptions } from './watch/watch-options.js'
export type { WireLine } from './wire/load-codec.js'
export type { WorkspaceClient } from './workspace-client.js'
