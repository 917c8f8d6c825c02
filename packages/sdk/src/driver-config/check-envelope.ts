import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import { violation } from '../checks/check-text.js'
import { encodedStructSize } from '../checks/encoded-struct-size.js'
import type { Violation } from '../errors/openshell-error.js'
import { countNestedMessages } from './nested-messages.js'

const MAX_BYTES = 65_536
const MAX_NESTED_MESSAGES = 100

/** What the gateway would refuse about an envelope before it looks at any block: its size and its depth. */
export function checkEnvelope(envelope: JsonObject): Violation[] {
  const size = encodedStructSize(envelope)
  return [
    ...(size > MAX_BYTES
      ? [violation('driverConfig', 'TOO_LONG', `serialized size exceeds maximum (${size} > ${MAX_BYTES})`)]
      : []),
    ...(countNestedMessages(envelope) > MAX_NESTED_MESSAGES
      ? [
          violation(
            'driverConfig',
            'TOO_DEEP',
            'is nested too deeply: at most 31 objects in one another, the block included',
          ),
        ]
      : []),
  ]
}
