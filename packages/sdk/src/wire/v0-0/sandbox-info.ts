import { type Sandbox, type SandboxSpec, SandboxPhase as WirePhase } from '@openshell-ts/protocol/v0-0'
import type { SandboxInfo, SandboxPhase, SandboxSpecInfo } from '../../sandbox-info.js'
import type { GpuRequest } from '../../template.js'

/** Reads a sandbox; what the gateway left out reads as empty. */
export function toSandboxInfo({ metadata, spec, status }: Sandbox): SandboxInfo {
  const phaseNumber = status?.phase ?? WirePhase.UNSPECIFIED
  const deletedAtMs = Number(metadata?.deletionTimestampMs ?? 0n)
  return {
    id: metadata?.id ?? '',
    name: metadata?.name ?? '',
    workspace: metadata?.workspace ?? '',
    phase: toPhase(phaseNumber),
    phaseNumber,
    conditions: (status?.conditions ?? []).map(({ type, status, reason, message }) => ({
      type,
      status,
      reason,
      message,
    })),
    ...(status?.exitCode === undefined ? {} : { exitCode: status.exitCode }),
    ...(status?.mainProcessInstanceId ? { mainProcessInstanceId: status.mainProcessInstanceId } : {}),
    createdAt: new Date(Number(metadata?.createdAtMs ?? 0n)),
    ...(deletedAtMs > 0 ? { deletedAt: new Date(deletedAtMs) } : {}),
    labels: { ...metadata?.labels },
    annotations: { ...metadata?.annotations },
    resourceVersion: String(metadata?.resourceVersion ?? 0n),
    spec: toSpecInfo(spec),
  }
}

function toPhase(number: number): SandboxPhase {
  switch (number) {
    case WirePhase.UNSPECIFIED:
      return 'unspecified'
    case WirePhase.PROVISIONING:
      return 'provisioning'
    case WirePhase.READY:
      return 'ready'
    case WirePhase.ERROR:
      return 'error'
    case WirePhase.DELETING:
      return 'deleting'
    case WirePhase.UNKNOWN:
      return 'unknown'
    case WirePhase.STOPPING:
      return 'stopping'
    case WirePhase.STOPPED:
      return 'stopped'
    case WirePhase.STARTING:
      return 'starting'
    default:
      return 'unrecognized'
  }
}

function toSpecInfo(spec: SandboxSpec | undefined): SandboxSpecInfo {
  const gpu = toGpuRequest(spec)
  const driverConfig = spec?.template?.driverConfig
  return {
    image: spec?.template?.image ?? '',
    command: [...(spec?.command ?? [])],
    tty: spec?.tty ?? false,
    environment: { ...spec?.environment },
    providers: [...(spec?.providers ?? [])],
    ...(gpu === undefined ? {} : { gpu }),
    ...(driverConfig === undefined ? {} : { driverConfig }),
  }
}

// A GPU without a count survives a read: its presence is the request.
function toGpuRequest(spec: SandboxSpec | undefined): GpuRequest | undefined {
  const gpu = spec?.resourceRequirements?.gpu
  if (!gpu) return undefined
  return gpu.count === undefined ? true : { count: gpu.count }
}
