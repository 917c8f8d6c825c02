import type { DevGatewayFault } from './gateway-fault.js'

/** True for a message that a fault loses; `place` counts the messages of the stream from 1. */
export function isLost(fault: DevGatewayFault, message: unknown, place: number): boolean {
  if (fault.effect !== 'lose-message') return false
  if (typeof fault.message === 'number') return fault.message === place
  const { payload } = message as { readonly payload?: { readonly case?: string } }
  return payload?.case === fault.message
}
