import type { Struct } from '@bufbuild/protobuf/wkt'
import type { SandboxWorkloadConfig, SandboxWorkloadTemplateSpec } from '@openshell-ts/protocol/v0-1'
import { checkEnvironmentCharacters, checkEnvironmentTotal } from '../checks/check-environment.js'
import { checkLabels } from '../checks/check-labels.js'
import { checkEncodedSize, checkLength, checkMapSizes } from '../checks/check-text.js'
import { invalidArgument } from '../errors/status-error.js'
import { encodeStruct } from '../wire/raw-struct.js'

const nameLimit = 253
const textLimit = 1_024
const envelopeLimit = 65_536

/** The parts of a template that are checked before anything is looked up. */
export interface TemplateCheckInput {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly spec: SandboxWorkloadTemplateSpec | undefined
  /** As the request carries it, before any decoding to JSON. */
  readonly driverConfig: Struct | undefined
}

/**
 * Checks a template's fields; the first problem is the answer. No limits of templates are known: a name is held to those of
 * providers' names, and everything else to what a sandbox that is made from it is held to.
 */
export function checkTemplate({ name, labels, annotations, spec, driverConfig }: TemplateCheckInput): void {
  if (name.trim() === '') throw invalidArgument('template.metadata.name is required')
  checkLength('template.metadata.name', name, nameLimit)
  checkLabels(labels)
  checkMapSizes('template.metadata.annotations', annotations)
  if (!spec?.workload) throw invalidArgument('template.spec.workload is required')
  checkWorkload(spec.workload)
  if (driverConfig) checkEncodedSize('template.driver_config', encodeStruct(driverConfig).length, envelopeLimit)
}

function checkWorkload({ image, environment, resources }: SandboxWorkloadConfig): void {
  const path = 'template.spec.workload'
  checkLength(`${path}.image`, image, textLimit)
  checkMapSizes(`${path}.environment`, environment)
  checkEnvironmentTotal(`${path}.environment`, environment)
  checkEnvironmentCharacters(`${path}.environment`, environment)
  checkLength(`${path}.resources.cpu`, resources?.cpu ?? '', textLimit)
  checkLength(`${path}.resources.memory`, resources?.memory ?? '', textLimit)
  if (resources?.gpu?.count === 0) throw invalidArgument('gpu count must be greater than 0')
}
