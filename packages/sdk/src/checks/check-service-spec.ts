import type { Violation } from '../errors/openshell-error.js'
import type { ServiceSpec } from '../model/service-info.js'
import { checkLength, violation } from './check-text.js'
import { oneOf } from './option-shapes.js'

// The name is a part of a host name, beside those of the workspace and the sandbox.
const MAX_NAME_BYTES = 28
const AUTHORIZATIONS = oneOf('strip', 'bearer-passthrough')
const NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/

/** Every problem of a service to expose. `path` stands before the fields, such as `services[0].`. */
export function checkServiceSpec(path: string, { name = '', targetPort, authorization }: ServiceSpec): Violation[] {
  if (typeof name !== 'string') return [violation(`${path}name`, 'TYPE_MISMATCH', `must be a text, got ${typeof name}`)]
  return [
    ...(authorization === undefined || AUTHORIZATIONS.fits(authorization)
      ? []
      : [violation(`${path}authorization`, 'NOT_ALLOWED', `must ${AUTHORIZATIONS.must}`)]),
    ...(name === '' || (NAME.test(name) && !name.includes('--'))
      ? []
      : [violation(`${path}name`, 'INVALID_NAME', 'must be lower-case letters, digits and single inner hyphens')]),
    ...checkLength(`${path}name`, name, MAX_NAME_BYTES),
    ...(Number.isInteger(targetPort) && targetPort >= 1 && targetPort <= 65_535
      ? []
      : [violation(`${path}targetPort`, 'OUT_OF_RANGE', 'must be a port from 1 to 65535')]),
  ]
}
