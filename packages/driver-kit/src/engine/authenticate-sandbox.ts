import { status as codes } from '@grpc/grpc-js'
import { StatusError } from '../contract/status-error.js'
import { callHandler } from './call-handler.js'
import type { EngineParts } from './engine-parts.js'
import type { LazySignal } from './lazy-signal.js'
import type { SandboxEntry } from './sandbox-entry.js'

/**
 * Finds the sandbox that a credential belongs to.
 *
 * @throws StatusError UNIMPLEMENTED when the driver does not authenticate, INVALID_ARGUMENT without a credential, and
 * UNAUTHENTICATED when it belongs to no sandbox that is here.
 */
export async function authenticateSandbox(
  parts: EngineParts,
  credential: string,
  cancelled: LazySignal,
): Promise<SandboxEntry> {
  const { driver, settings, logger, registry } = parts
  if (driver.authenticate === undefined) {
    throw new StatusError(codes.UNIMPLEMENTED, 'this driver does not authenticate sandboxes')
  }
  if (credential === '') throw new StatusError(codes.INVALID_ARGUMENT, 'credential is required')
  const context = { settings, logger, signal: cancelled.signal }
  const id = await callHandler(parts, 'authenticate', cancelled, () => driver.authenticate?.(credential, context))
  const entry = id === undefined ? undefined : registry.get(id)
  if (entry?.stored && !entry.deleting) return entry
  throw new StatusError(codes.UNAUTHENTICATED, 'the credential belongs to no sandbox of this driver')
}
