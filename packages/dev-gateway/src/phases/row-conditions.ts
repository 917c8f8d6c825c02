import { toJson } from '@bufbuild/protobuf'
import { TimestampSchema } from '@bufbuild/protobuf/wkt'
import type { DriverCondition } from '@openshell-ts/protocol/compute'
import type { RowCondition } from '../records/sandbox-row.js'
import type { WireLine } from '../wire/wire-line.js'

/**
 * A driver's conditions as the gateway keeps them. Each line reads its own field for the time.
 *
 * @throws Error on line 0.1 for a time that no date can say.
 */
export function toRowConditions(conditions: readonly DriverCondition[], line: WireLine): RowCondition[] {
  return conditions.map((condition) => {
    const { type, status, reason, message } = condition
    return { type, status, reason, message, lastTransitionTime: transitionTime(condition, line) }
  })
}

function transitionTime({ lastTransitionTime, transitionTime: time }: DriverCondition, line: WireLine): string {
  if (line === '0.0') return lastTransitionTime
  return time ? toJson(TimestampSchema, time) : ''
}
