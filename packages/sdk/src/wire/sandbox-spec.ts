import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import type { SandboxCreateSpec, SandboxResources } from '../model/template.js'

/**
 * Writes the spec of a create; both lines take it in this shape. Fields that are absent stay off the wire, so that the gateway's
 * defaults apply.
 */
export function toSandboxSpec(spec: Omit<SandboxCreateSpec, 'driverConfig'>, driverConfig: JsonObject | undefined) {
  const {
    image = '',
    command = [],
    tty = false,
    environment = {},
    providers = [],
    logLevel = '',
    resources,
    gpu,
  } = spec
  return {
    logLevel,
    environment: { ...environment },
    providers: [...providers],
    command: [...command],
    tty,
    template: {
      image,
      ...(resources ? { resources: toResourceStruct(resources) } : {}),
      ...(driverConfig ? { driverConfig } : {}),
    },
    ...(gpu ? { resourceRequirements: { gpu: gpu === true ? {} : { count: gpu.count } } } : {}),
  }
}

function toResourceStruct({ limits, requests }: SandboxResources): JsonObject {
  return {
    ...(limits ? { limits: { ...limits } } : {}),
    ...(requests ? { requests: { ...requests } } : {}),
  }
}
