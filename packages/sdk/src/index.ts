// For applications.

// What belongs to workspaces.
export type { Admin, AdminListOptions } from './admin/admin.js'
// What is thrown.
export type {
  BearerAuth,
  ClientAuth,
  EdgeAuth,
  MtlsAuth,
  NoAuth,
  OidcAuth,
  TokenOrigin,
  TokenProvider,
  TokenRequest,
} from './auth/client-auth.js'
export type { OidcTokens } from './auth/oidc-client.js'
export { CommandFailedError } from './command-failed-error.js'
export type { CommandEvent } from './commands/command-event.js'
export type { CommandExit } from './commands/command-exit.js'
export type { CommandHandle, CommandKillOptions } from './commands/command-handle.js'
export type {
  CommandInputOptions,
  CommandInteractiveOptions,
  CommandOptions,
  CommandRunOptions,
  CommandStartOptions,
  KillableOptions,
} from './commands/command-options.js'
export type { CommandResult } from './commands/command-result.js'
export type { Commands } from './commands/commands.js'
export type { ProcessSignal } from './commands/process-signal.js'
export type { TerminalHandle } from './commands/terminal-handle.js'
export type { ConnectOptions } from './connect-options.js'
export type { SandboxCreateOptions } from './create-options.js'
export type { DeleteOptions, DeleteResult } from './delete-result.js'
export type { DerivedClientOptions } from './derived-client-options.js'
export type {
  DraftApproveAllOptions,
  DraftHandle,
  DraftReadOptions,
  DraftRejectOptions,
} from './drafts/draft-handle.js'
export type {
  DraftApprovalResult,
  DraftChunk,
  DraftHistoryEntry,
  DraftPolicy,
  ReviewedChunk,
} from './drafts/draft-policy.js'
export type { Drafts } from './drafts/drafts.js'
export type { SandboxWarning } from './driver-config/sandbox-warning.js'
export {
  type DriverConfigProblem,
  type DriverConfigRefusal,
  DriverConfigRejectedError,
} from './driver-config-rejected-error.js'
export { type ErrorKind, OpenShellError, type OpenShellErrorFields, type Violation } from './errors.js'
export { ExecResultUnknownError } from './exec-result-unknown-error.js'
export { FileError } from './files/file-error.js'
export type { FileInfo, FileType } from './files/file-info.js'
export type {
  DownloadOptions,
  FileContent,
  FileReadOptions,
  FileWriteOptions,
  MakeDirectoryOptions,
  RemoveOptions,
  SkippedFile,
  TransferOptions,
  TransferResult,
  UploadOptions,
} from './files/file-options.js'
export type { Files } from './files/files.js'
export type { TransferListener, TransferProgress } from './files/transfer-progress.js'
export type { FromGatewayOptions } from './from-gateway-options.js'
export type {
  ComputeDriverInfo,
  CurrentUser,
  DriverResources,
  GatewayExtension,
  GatewayHealth,
  GatewayInfo,
  ServiceHealth,
} from './gateway-info.js'
export type {
  InferenceRouteInfo,
  InferenceRouteName,
  InferenceRouteSetResult,
  InferenceRouteSpec,
} from './inference/inference-route.js'
export type { InferenceRoutes } from './inference/inference-routes.js'
export type { ListOptions } from './list-options.js'
export type { Logger } from './logger.js'
export { OpenShellClient } from './openshell-client.js'
export type { Page, Pager } from './pager.js'
export type { GlobalPolicy } from './policies/global-policy.js'
export type { Policies } from './policies/policies.js'
export type { EndpointTarget, PolicyChange } from './policies/policy-change.js'
export type { PolicyHandle, PolicyStatusOptions, PolicyUpdateOptions } from './policies/policy-handle.js'
export type { PolicyRevision, PolicyStatus, PolicyStatusInfo, PolicyUpdateResult } from './policies/policy-revision.js'
export type {
  FilesystemPolicy,
  GraphqlOperation,
  McpOptions,
  NetworkEndpoint,
  NetworkMiddleware,
  NetworkPolicyRule,
  RequestMatcher,
  SandboxPolicy,
  ValueMatcher,
} from './policies/sandbox-policy.js'
export type { PollOptions } from './poll-until.js'
export type { PortForward } from './ports/port-forward.js'
export type { PortConnectOptions, PortForwardOptions, PortTarget } from './ports/port-options.js'
export type { Ports } from './ports/ports.js'
export type { Profiles, ProfileUpdateOptions } from './profiles/profiles.js'
export type {
  ProfileCredential,
  ProfileDiagnostic,
  ProfileImportItem,
  ProfileImportResult,
  ProfileLintResult,
  ProfileRefresh,
  ProfileTokenGrant,
  ProfileUpdateResult,
  ProviderCategory,
  ProviderProfile,
} from './profiles/provider-profile.js'
export type { CredentialRefresh } from './providers/credential-refresh.js'
export type {
  ProfileScope,
  ProviderChangeKind,
  ProviderChanges,
  ProviderInfo,
  ProviderReadiness,
  ProviderReadinessState,
  ProviderReceipt,
  ProviderSpec,
  ProviderUpdateResult,
} from './providers/provider-info.js'
export type { ProviderListOptions, Providers, ProviderUpdateOptions } from './providers/providers.js'
export type { RefreshConfiguration, RefreshStatus, RefreshStrategy } from './providers/refresh-status.js'
export type { ProviderAttachOptions, ProviderAttachResult, SandboxProviders } from './providers/sandbox-providers.js'
export type { RawGateway } from './raw-gateway.js'
export type { RecordInfo } from './record-info.js'
export type { ChangeOptions, RequestOptions } from './request-options.js'
export type { Sandbox } from './sandbox.js'
export type {
  SandboxCondition,
  SandboxInfo,
  SandboxPhase,
  SandboxProvisioningInfo,
  SandboxSpecInfo,
} from './sandbox-info.js'
export type { Sandboxes, SandboxListOptions } from './sandboxes.js'
export type { SandboxServices } from './services/sandbox-services.js'
export type { ServiceAuthorization, ServiceInfo, ServiceSpec } from './services/service-info.js'
export type { Services } from './services/services.js'
export type { GlobalSettings } from './settings/global-settings.js'
export type { SandboxSettings, SettingUpdateOptions } from './settings/sandbox-settings.js'
export type { EffectiveSetting, GatewaySettings, SandboxConfigInfo, SettingValue } from './settings/setting.js'
export type { Ssh } from './ssh/ssh.js'
export type { SshSession } from './ssh/ssh-session.js'
export type {
  GpuRequest,
  RawSandboxSpec,
  ResourceAmounts,
  SandboxCreateSpec,
  SandboxResources,
  SandboxTemplate,
} from './template.js'
export type { TemplateCreateOptions, TemplateListOptions, Templates } from './templates/templates.js'
export type { StartupServiceLevel, WorkloadTemplateInfo, WorkloadTemplateSpec } from './templates/workload-template.js'
export type { CallInterceptor, OutgoingCall } from './transport/call-interceptor.js'
export type { RetryOptions } from './transport/retry.js'
export type { TlsOptions } from './transport/tls-options.js'
export { UnsupportedGatewayError } from './unsupported-gateway-error.js'
export { WaitFailedError } from './wait-failed-error.js'
export type { LogOptions, SandboxLogs } from './watch/read-logs.js'
export type { ProgressListener, SandboxProgress } from './watch/sandbox-progress.js'
export type { WaitOptions } from './watch/wait-options.js'
export type { LogLine, PlatformEvent, WatchEvent } from './watch/watch-event.js'
export type { WatchOptions } from './watch/watch-options.js'
export type { WireLine } from './wire/load-codec.js'
export type { WorkspaceClient } from './workspace-client.js'
export type { WorkspaceInfo, WorkspaceMemberInfo, WorkspacePhase, WorkspaceRole } from './workspaces/workspace-info.js'
export type { WorkspaceMembers } from './workspaces/workspace-members.js'
export type { WorkspaceCreateOptions, WorkspaceListOptions, Workspaces } from './workspaces/workspaces.js'
