// For applications.

// What blocks of driver configs are made of and checked by, to write down types of one's own.
export type {
  ConfigIssue,
  DriverConfigBlock,
  DriverConfigChecker,
  DriverConfigEnvelope,
  JsonObject,
  JsonValue,
} from '@openshell-ts/driver-config/envelope'
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
export type { ListOptions } from './calls/list-options.js'
export type { Page, Pager, PagerArrayOptions } from './calls/pager.js'
export type { PollOptions } from './calls/poll-until.js'
export type { ChangeOptions, RequestOptions } from './calls/request-options.js'
export type { CommandEvent } from './commands/command-event.js'
export type { CommandExit } from './commands/command-exit.js'
export { CommandFailedError } from './commands/command-failed-error.js'
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
export { ExecResultUnknownError } from './commands/exec-result-unknown-error.js'
export type { TerminalHandle } from './commands/terminal-handle.js'
export type { ConnectOptions } from './connect/connect-options.js'
export type { DerivedClientOptions } from './connect/derived-client-options.js'
export type { FromGatewayOptions } from './connect/from-gateway-options.js'
export type { SandboxCreateOptions } from './create-options.js'
export type { DeleteOptions } from './delete-options.js'
export type {
  DraftApproveAllOptions,
  DraftHandle,
  DraftReadOptions,
  DraftRejectOptions,
} from './drafts/draft-handle.js'
export type { Drafts } from './drafts/drafts.js'
export type { SandboxWarning } from './driver-config/sandbox-warning.js'
export {
  type DriverConfigProblem,
  type DriverConfigRefusal,
  DriverConfigRejectedError,
} from './errors/driver-config-rejected-error.js'
export { type ErrorKind, OpenShellError, type OpenShellErrorFields, type Violation } from './errors/openshell-error.js'
export { UnsupportedGatewayError } from './errors/unsupported-gateway-error.js'
export { WaitFailedError } from './errors/wait-failed-error.js'
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
export type { InferenceRoutes } from './inference/inference-routes.js'
export type { DeleteResult } from './model/delete-result.js'
export type {
  DraftApprovalResult,
  DraftChunk,
  DraftHistoryEntry,
  DraftPolicy,
  ReviewedChunk,
} from './model/draft-policy.js'
export type {
  ComputeDriverInfo,
  CurrentUser,
  DriverResources,
  GatewayExtension,
  GatewayHealth,
  GatewayInfo,
  ServiceHealth,
} from './model/gateway-info.js'
export type {
  InferenceRouteInfo,
  InferenceRouteName,
  InferenceRouteSetResult,
  InferenceRouteSpec,
} from './model/inference-route.js'
export type { LogLine } from './model/log-line.js'
export type { PlatformEvent } from './model/platform-event.js'
export type { EndpointTarget, PolicyChange } from './model/policy-change.js'
export type { PolicyRevision, PolicyStatus, PolicyStatusInfo, PolicyUpdateResult } from './model/policy-revision.js'
export type { ProcessSignal } from './model/process-signal.js'
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
} from './model/provider-info.js'
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
} from './model/provider-profile.js'
export type { RecordInfo } from './model/record-info.js'
export type { RefreshConfiguration, RefreshStatus, RefreshStrategy } from './model/refresh-status.js'
export type {
  SandboxCondition,
  SandboxInfo,
  SandboxPhase,
  SandboxProvisioningInfo,
  SandboxSpecInfo,
} from './model/sandbox-info.js'
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
} from './model/sandbox-policy.js'
export type { ServiceAuthorization, ServiceInfo, ServiceSpec } from './model/service-info.js'
export type { EffectiveSetting, GatewaySettings, SandboxConfigInfo, SettingValue } from './model/setting.js'
export type {
  GpuRequest,
  RawSandboxSpec,
  ResourceAmounts,
  SandboxCreateSpec,
  SandboxResources,
  SandboxTemplate,
} from './model/template.js'
export type { StartupServiceLevel, WorkloadTemplateInfo, WorkloadTemplateSpec } from './model/workload-template.js'
export type { WorkspaceInfo, WorkspaceMemberInfo, WorkspacePhase, WorkspaceRole } from './model/workspace-info.js'
export { OpenShellClient } from './openshell-client.js'
export type { GlobalPolicy } from './policies/global-policy.js'
export type { Policies } from './policies/policies.js'
export type { PolicyHandle, PolicyStatusOptions, PolicyUpdateOptions } from './policies/policy-handle.js'
export type { PortForward } from './ports/port-forward.js'
export type { PortConnectOptions, PortForwardOptions, PortTarget } from './ports/port-options.js'
export type { Ports } from './ports/ports.js'
export type { Profiles, ProfileUpdateOptions } from './profiles/profiles.js'
export type { CredentialRefresh } from './providers/credential-refresh.js'
export type { ProviderListOptions, Providers, ProviderUpdateOptions } from './providers/providers.js'
export type { ProviderAttachOptions, ProviderAttachResult, SandboxProviders } from './providers/sandbox-providers.js'
export type { RawGateway } from './raw/raw-gateway.js'
export type { Sandbox } from './sandbox.js'
export type { Sandboxes, SandboxListOptions } from './sandboxes.js'
export type { SandboxServices } from './services/sandbox-services.js'
export type { Services } from './services/services.js'
export type { GlobalSettings } from './settings/global-settings.js'
export type { SandboxSettings, SettingUpdateOptions } from './settings/sandbox-settings.js'
export type { Ssh } from './ssh/ssh.js'
export type { SshSession } from './ssh/ssh-session.js'
export type { TemplateCreateOptions, TemplateListOptions, Templates } from './templates/templates.js'
export type { CallInterceptor, OutgoingCall } from './transport/call-interceptor.js'
export type { Logger } from './transport/logger.js'
export type { RetryOptions } from './transport/retry.js'
export type { TlsOptions } from './transport/tls-options.js'
export type { LogOptions, SandboxLogs } from './watch/read-logs.js'
export type { ProgressListener, SandboxProgress } from './watch/sandbox-progress.js'
export type { WaitOptions } from './watch/wait-options.js'
export type { WatchEvent } from './watch/watch-event.js'
export type { WatchOptions } from './watch/watch-options.js'
export type { WireLine } from './wire/wire-line.js'
export type { WorkspaceClient } from './workspace-client.js'
export type { WorkspaceMembers } from './workspaces/workspace-members.js'
export type { WorkspaceCreateOptions, WorkspaceListOptions, Workspaces } from './workspaces/workspaces.js'
