import { checkCreateSpec } from '../checks/check-create-spec.js'
import { checkAmounts } from '../checks/check-resources.js'
import { byteLength, checkLength, violation } from '../checks/check-text.js'
import type { Violation } from '../errors/openshell-error.js'
import type { WorkloadTemplateSpec } from '../model/workload-template.js'

const MAX_NAME_BYTES = 253

/** Every problem of a template to store. What a sandbox is held to, its template is held to as well. */
export function checkTemplateSpec(name: string, spec: WorkloadTemplateSpec): Violation[] {
  const { image, environment, gpu, labels, annotations, resources = {}, startup = {} } = spec
  return [
    ...(name.trim() === '' ? [violation('name', 'REQUIRED', 'name is required')] : []),
    ...(byteLength(name) > MAX_NAME_BYTES ? checkLength('name', name, MAX_NAME_BYTES) : []),
    ...checkCreateSpec({
      ...(image === undefined ? {} : { image }),
      ...(environment ? { environment } : {}),
      ...(gpu === undefined ? {} : { gpu }),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
    }),
    ...checkAmounts('resources', resources),
    ...checkLength('resources.cpu', resources.cpu ?? '', 1024),
    ...checkLength('resources.memory', resources.memory ?? '', 1024),
    ...checkWhole('startup.readyWithinMs', startup.readyWithinMs),
    ...checkWhole('startup.maxBurst', startup.maxBurst),
  ]
}

function checkWhole(field: string, value = 0): Violation[] {
  return Number.isSafeInteger(value) && value >= 0
    ? []
    : [violation(field, 'OUT_OF_RANGE', 'must be a whole number from 0')]
}
