import type { SessionAccepted } from '@openshell-ts/protocol/v0-0'

/** The two lines of the wire, as far as a supervisor cares. */
export type GatewayLine = '0.0' | '0.1'

/** The field by which line 0.1 says how often it wants to hear a heartbeat; line 0.0 has another one. */
const HEARTBEAT_INTERVAL_FIELD = 102

/** Which line a gateway speaks, from the first thing that it says. */
export function gatewayLine(accepted: SessionAccepted): GatewayLine {
  const unknown = accepted.$unknown ?? []
  return unknown.some(({ no }) => no === HEARTBEAT_INTERVAL_FIELD) ? '0.1' : '0.0'
}
