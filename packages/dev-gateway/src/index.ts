// For tests and tools that need a gateway.
export type { DevGatewayUser } from './auth/gateway-users.js'
export type { SigningKeys } from './auth/signing-keys.js'
export { generateSigningKeys, parseSigningKeys } from './auth/signing-keys.js'
export type { GatewayClock } from './clock/gateway-clock.js'
export { TestClock } from './clock/test-clock.js'
export type { AdmissionSetting } from './compute/admission-setting.js'
export { GatewayStartError } from './errors/gateway-start-error.js'
export { FaultError } from './faults/fault-error.js'
export type { DevGatewayFault, DevGatewayFaults, FaultCode, FaultEffect, FaultHandle } from './faults/gateway-fault.js'
export type {
  DevGatewayAuth,
  DevGatewayDriver,
  DevGatewayOptions,
  DevGatewayTimings,
} from './gateway/gateway-options.js'
export { createSimulatedDriver } from './simulated-driver/create-simulated-driver.js'
export type {
  SimulatedDriver,
  SimulatedDriverOptions,
  SimulatedEvent,
  SimulatedSandbox,
} from './simulated-driver/simulated-driver.js'
export { type DevGateway, type RestartOptions, startDevGateway } from './start-dev-gateway.js'
export { StrictError } from './strict/strict-error.js'
export type { ExpectedCall, StrictOptions } from './strict/strict-options.js'
export type { StrictProblem } from './strict/strict-problem.js'
export type { DevGatewayClientTls, DevGatewayTls, GeneratedTls, GivenTls } from './tls/gateway-tls.js'
export { CallTrace } from './trace/call-trace.js'
export { type FormatTraceOptions, formatTrace } from './trace/format-trace.js'
export type { TraceEntry } from './trace/trace-entry.js'
export type { WireLine } from './wire/wire-line.js'
