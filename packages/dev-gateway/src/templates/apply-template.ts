import { clone, create, type JsonObject } from '@bufbuild/protobuf'
import {
  ResourceRequirementsSchema,
  type SandboxSpec,
  SandboxSpecSchema,
  SandboxTemplateSchema,
} from '@openshell-ts/protocol/v0-0'
import type { SandboxWorkloadTemplateSpec } from '@openshell-ts/protocol/v0-1'

/**
 * The spec of a sandbox that is made from a template: what the request says wins, entry by entry in environment and resources.
 * The driver_config envelope is not part of it.
 *
 * A template's processor and memory are limits, which is what drivers of line 0.1 say whether they support.
 */
export function applyTemplate(spec: SandboxSpec, { workload }: SandboxWorkloadTemplateSpec): SandboxSpec {
  const resolved = clone(SandboxSpecSchema, spec)
  if (!workload) return resolved
  const template = resolved.template ?? create(SandboxTemplateSchema)
  resolved.template = template
  if (template.image === '') template.image = workload.image
  template.environment = { ...workload.environment, ...template.environment }
  const { cpu = '', memory = '', gpu } = workload.resources ?? {}
  const limits = { ...(cpu !== '' && { cpu }), ...(memory !== '' && { memory }) }
  if (Object.keys(limits).length > 0) template.resources = withLimits(limits, template.resources)
  if (gpu && !resolved.resourceRequirements?.gpu) {
    const count = gpu.count === undefined ? {} : { count: gpu.count }
    resolved.resourceRequirements = create(ResourceRequirementsSchema, { gpu: count })
  }
  return resolved
}

function withLimits(limits: JsonObject, given: JsonObject = {}): JsonObject {
  const own = given['limits'] ?? {}
  // What is no object is kept for the driver to refuse, as without a template.
  if (typeof own !== 'object' || own === null || Array.isArray(own)) return given
  return { ...given, limits: { ...limits, ...own } }
}
