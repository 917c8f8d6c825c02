// For tests and tools that need a gateway.
export type { DevGatewayUser } from './auth/gateway-users.js'
export type { SigningKeys } from './auth/signing-keys.js'
export { generateSigningKeys, parseSigningKeys } from './auth/signing-keys.js'
export type { AdmissionSetting } from './compute/admission-policy.js'
export type { GatewayClock } from './gateway-clock.js'
export type { DevGatewayAuth, DevGatewayDriver, DevGatewayOptions, DevGatewayTimings } from './gateway-options.js'
export { GatewayStartError } from './gateway-start-error.js'
export {
  createSimulatedDriver,
  type SimulatedDriver,
  type SimulatedDriverOptions,
  type SimulatedEvent,
  type SimulatedSandbox,
} from './simulated-driver/simulated-driver.js'
export { type DevGateway, type RestartOptions, startDevGateway } from './start-dev-gateway.js'
export { TestClock } from './test-clock.js'
export type { DevGatewayClientTls, DevGatewayTls, GeneratedTls, GivenTls } from './tls/gateway-tls.js'
export type { WireLine } from './wire-line.js'
