import type { Violation } from '../errors/openshell-error.js'
import type { SandboxCreateSpec } from '../model/template.js'
import { checkEnvironment } from './check-environment.js'
import { checkAnnotations, checkLabels } from './check-labels.js'
import { checkSandboxName } from './check-name.js'
import { checkResources } from './check-resources.js'
import { checkServiceSpec } from './check-service-spec.js'
import { byteLength, checkLength, violation } from './check-text.js'

const ENVIRONMENT = {
  maxEntries: 128,
  maxKeyBytes: 256,
  maxValueBytes: 8192,
  maxTotalBytes: 262_144,
  allowedNames: [],
}
const MAX_ARGUMENTS = 256
const MAX_ARGUMENT_BYTES = 32_768
const MAX_COMMAND_BYTES = 262_144

/** Every problem of a create that the gateway would refuse, in the gateway's order. The gateway itself reports the first one only. */
export function checkCreateSpec(spec: SandboxCreateSpec): Violation[] {
  const { name = '', providers = [], logLevel = '', environment = {}, image = '', command = [], gpu } = spec
  const { resources = {} } = spec
  return [
    ...(name === '' ? [] : checkSandboxName('name', name)),
    ...(providers.length > 32
      ? [violation('providers', 'TOO_MANY', `list exceeds maximum (${providers.length} > 32)`)]
      : []),
    ...checkLength('logLevel', logLevel, 32),
    ...checkEnvironment('environment', environment, ENVIRONMENT),
    ...checkLength('image', image, 1024),
    ...checkResources(resources),
    ...(gpu !== undefined && gpu !== true && !(Number.isInteger(gpu?.count) && gpu.count > 0)
      ? [violation('gpu.count', 'OUT_OF_RANGE', 'gpu count must be greater than 0')]
      : []),
    ...checkCommand(command),
    ...checkLabels('labels', spec.labels ?? {}),
    ...checkAnnotations('annotations', spec.annotations ?? {}),
    ...checkSource(spec),
    ...checkServices(spec.services),
  ]
}

function checkSource({ template, driverConfig = {} }: SandboxCreateSpec): Violation[] {
  if (template === undefined || Object.keys(driverConfig).length === 0) return []
  const description = 'cannot stand beside template, which brings its own; leave one of the two out'
  return [violation('driverConfig', 'CONFLICT', description)]
}

function checkServices(services: SandboxCreateSpec['services'] = []): Violation[] {
  const names = services.map(({ name = '' }) => name)
  return [
    ...services.flatMap((service, index) => checkServiceSpec(`services[${index}].`, service)),
    ...(new Set(names).size < names.length
      ? [violation('services', 'DUPLICATE', 'must not name a service twice')]
      : []),
  ]
}

function checkCommand(command: readonly string[]): Violation[] {
  const total = command.reduce((sum, argument) => sum + byteLength(String(argument)), 0)
  return [
    ...(command.length > MAX_ARGUMENTS
      ? [violation('command', 'TOO_MANY', `exceeds ${MAX_ARGUMENTS} argument limit`)]
      : []),
    ...(total > MAX_COMMAND_BYTES
      ? [violation('command', 'TOO_LONG', `total size exceeds ${MAX_COMMAND_BYTES} byte limit`)]
      : []),
    ...(command[0] === '' ? [violation('command[0]', 'REQUIRED', 'must not be empty')] : []),
    ...command.flatMap((argument, index) => checkArgument(`command[${index}]`, argument)),
  ]
}

function checkArgument(field: string, argument: unknown): Violation[] {
  if (typeof argument !== 'string') return [violation(field, 'TYPE_MISMATCH', `must be a text, got ${typeof argument}`)]
  return [
    ...(byteLength(argument) > MAX_ARGUMENT_BYTES
      ? [violation(field, 'TOO_LONG', `exceeds ${MAX_ARGUMENT_BYTES} byte limit`)]
      : []),
    ...(argument.includes('\0') ? [violation(field, 'INVALID_CHARACTER', 'contains null bytes')] : []),
  ]
}
