import type { MessageInitShape } from '@bufbuild/protobuf'
import type { SettingValueSchema } from '@openshell-ts/protocol/v0-0'
import type { SettingValue } from '../../records/settings.js'

/** A setting's value as the wire has it; absent for a setting that nobody has set. */
export function toSettingValue(value: SettingValue | undefined): MessageInitShape<typeof SettingValueSchema> {
  if (typeof value === 'string') return { value: { case: 'stringValue', value } }
  if (typeof value === 'boolean') return { value: { case: 'boolValue', value } }
  return {}
}
