import { status as Code } from '@grpc/grpc-js'

/** Whether a call failed in a way that the same gateway will repeat: it does not know the call, or does not grant it. */
export function isRefusal(error: unknown): boolean {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined
  return code === Code.UNIMPLEMENTED || code === Code.PERMISSION_DENIED
}
