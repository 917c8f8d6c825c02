import { Code, ConnectError } from '@connectrpc/connect'

/** The sandbox of a reply, which must hold one. */
export function requireSandbox<S>(sandbox: S | undefined): S {
  if (!sandbox) throw new ConnectError('The reply holds no sandbox.', Code.Internal)
  return sandbox
}
