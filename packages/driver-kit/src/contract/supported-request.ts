import { status as codes } from '@grpc/grpc-js'
import type { DriverCapabilities } from '../driver/driver-capabilities.js'
import type { RequestedSandbox } from '../driver/sandbox.js'
import { StatusError } from './status-error.js'

/**
 * Refuses what the driver does not claim to enforce: a limit that is silently ignored is worse than none.
 *
 * @throws StatusError INVALID_ARGUMENT that names the field.
 */
export function checkSupported(
  { gpu, resources }: RequestedSandbox,
  { resources: supported = {} }: DriverCapabilities,
  driverName: string,
): void {
  const refuse = (what: string, field: string): never => {
    throw new StatusError(codes.INVALID_ARGUMENT, `driver ${driverName} does not support ${what}; remove ${field}`)
  }
  if (gpu !== undefined && gpu.count === undefined && !supported.gpu) refuse('GPUs', 'resource_requirements.gpu')
  if (gpu?.count !== undefined && !supported.gpuCount) refuse('a number of GPUs', 'resource_requirements.gpu.count')
  if (resources?.cpuLimit && !supported.cpuLimit) refuse('CPU limits', 'template.resources.limits.cpu')
  if (resources?.memoryLimit && !supported.memoryLimit) refuse('memory limits', 'template.resources.limits.memory')
}
