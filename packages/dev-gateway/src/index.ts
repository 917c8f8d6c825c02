// For tests and tools that need a gateway.
export type { SigningKeys } from './auth/signing-keys.js'
export { generateSigningKeys, parseSigningKeys } from './auth/signing-keys.js'
export type { GatewayClock } from './gateway-clock.js'
export type { DevGatewayAuth, DevGatewayDriver, DevGatewayOptions, DevGatewayTimings } from './gateway-options.js'
export { GatewayStartError } from './gateway-start-error.js'
export { type DevGateway, startDevGateway } from './start-dev-gateway.js'
export { TestClock } from './test-clock.js'
