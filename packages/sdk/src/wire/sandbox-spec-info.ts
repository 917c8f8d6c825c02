import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import type { SandboxSpecInfo } from '../model/sandbox-info.js'
import type { GpuRequest } from '../model/template.js'

/** The spec of a stored sandbox, as far as both lines write it alike. */
export interface WireSandboxSpec {
  readonly command: readonly string[]
  readonly tty: boolean
  readonly environment: Readonly<Record<string, string>>
  readonly providers: readonly string[]
  readonly template?: { readonly image: string; readonly driverConfig?: JsonObject | undefined } | undefined
  readonly resourceRequirements?: { readonly gpu?: { readonly count?: number | undefined } | undefined } | undefined
}

/** Reads the spec of a stored sandbox; what the gateway left out reads as empty. */
export function toSpecInfo(spec: WireSandboxSpec | undefined): SandboxSpecInfo {
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
function toGpuRequest(spec: WireSandboxSpec | undefined): GpuRequest | undefined {
  const gpu = spec?.resourceRequirements?.gpu
  if (!gpu) return undefined
  return gpu.count === undefined ? true : { count: gpu.count }
}
