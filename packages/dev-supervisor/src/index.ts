// For those who run a sandbox in their own process: tests, drivers.
export type { GatewayTlsFiles } from './gateway-endpoint.js'
export { type MainProcessSpec, parseMainProcessSpec } from './main-process-spec.js'
// For drivers that start supervisors as processes.
export { killSandboxProcesses, PROCESS_MARK } from './marked-processes.js'
export type { SandboxTokenSource } from './sandbox-token.js'
export { supervise } from './supervise.js'
export type { SuperviseOptions } from './supervise-options.js'
export type { Supervisor, SupervisorExit, SupervisorStopOptions } from './supervisor.js'
export { readSupervisorEnvironment } from './supervisor-environment.js'
export { SupervisorError, type SupervisorErrorFields, type SupervisorErrorKind } from './supervisor-error.js'
