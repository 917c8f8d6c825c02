import { Code, ConnectError } from '@connectrpc/connect'

/** The part of a reply that must be there; a reply without it is a defect of the gateway. */
export function requiredPart<T>(part: T | undefined, what: string): T {
  if (part === undefined) throw new ConnectError(`The reply holds no ${what}.`, Code.Internal)
  return part
}
