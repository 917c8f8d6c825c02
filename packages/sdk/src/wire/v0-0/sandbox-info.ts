import type { Sandbox } from '@openshell-ts/protocol/v0-0'
import type { SandboxInfo } from '../../model/sandbox-info.js'
import { toSpecInfo } from '../sandbox-spec-info.js'
import { toSandboxState } from '../sandbox-state.js'

/** Reads a sandbox; what the gateway left out reads as empty. */
export function toSandboxInfo({ metadata, spec, status }: Sandbox): SandboxInfo {
  const deletedAtMs = Number(metadata?.deletionTimestampMs ?? 0n)
  return {
    id: metadata?.id ?? '',
    name: metadata?.name ?? '',
    workspace: metadata?.workspace ?? '',
    ...toSandboxState('0.0', status),
    createdAt: new Date(Number(metadata?.createdAtMs ?? 0n)),
    ...(deletedAtMs > 0 ? { deletedAt: new Date(deletedAtMs) } : {}),
    labels: { ...metadata?.labels },
    annotations: { ...metadata?.annotations },
    resourceVersion: String(metadata?.resourceVersion ?? 0n),
    spec: toSpecInfo(spec),
  }
}
