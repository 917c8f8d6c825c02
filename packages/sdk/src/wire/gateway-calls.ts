import type { CurrentUser, GatewayHealth, GatewayInfo } from '../model/gateway-info.js'
import type { WireCall } from './wire-call.js'

/** What a client asks about the gateway and itself. */
export interface GatewayCalls {
  health(call: WireCall): Promise<GatewayHealth>
  currentUser(call: WireCall): Promise<CurrentUser>
  info(call: WireCall): Promise<GatewayInfo>
}
