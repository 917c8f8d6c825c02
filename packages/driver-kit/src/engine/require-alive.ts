import { status as codes } from '@grpc/grpc-js'
import { StatusError } from '../contract/status-error.js'
import type { Registry } from './registry.js'
import type { SandboxEntry } from './sandbox-entry.js'

/** @throws StatusError NOT_FOUND when the sandbox was deleted while the operation waited for its turn. */
export function requireAlive(registry: Registry, entry: SandboxEntry): void {
  if (registry.get(entry.id) !== entry || !entry.stored) throw new StatusError(codes.NOT_FOUND, 'sandbox not found')
}
