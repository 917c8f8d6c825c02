import { createHash } from 'node:crypto'
import { StatusError } from '../errors/status-error.js'
import { environmentRevision, requireProviders } from '../providers/provider-environment.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import { type EffectiveSetting, effectiveSettings } from '../settings/settings.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { type EffectivePolicy, effectivePolicy } from './effective-policy.js'

/** What holds for a sandbox. */
export interface SandboxConfig {
  readonly policy: EffectivePolicy
  /** By key. */
  readonly settings: Readonly<Record<string, EffectiveSetting>>
  /** The same number for the same policy and settings, over restarts too: supervisors act on a change of it. */
  readonly revision: bigint
  /** The same for the providers' variables. */
  readonly environmentRevision: bigint
}

/** Reads what holds for a sandbox. Throws a StatusError when one of its providers is gone. */
export function readSandboxConfig(store: GatewayStore, row: SandboxRow): SandboxConfig {
  const policy = effectivePolicy(store, row)
  const settings = effectiveSettings(store, row.id)
  return {
    policy,
    settings,
    revision: revisionOf(policy, settings),
    environmentRevision: environmentRevision(store, requireProviders(store, row.workspace, row.spec.providers)),
  }
}

/** The same, but `undefined` for a sandbox whose providers and policy go together in no valid way. */
export function findSandboxConfig(store: GatewayStore, row: SandboxRow): SandboxConfig | undefined {
  try {
    return readSandboxConfig(store, row)
  } catch (error) {
    if (error instanceof StatusError) return undefined
    throw error
  }
}

function revisionOf({ source, hash }: EffectivePolicy, settings: Readonly<Record<string, EffectiveSetting>>): bigint {
  return createHash('sha256')
    .update(JSON.stringify([source, hash, settings]))
    .digest()
    .readBigUInt64LE(0)
}
