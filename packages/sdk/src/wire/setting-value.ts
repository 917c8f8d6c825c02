import type { SettingValue } from '../model/setting.js'

/** A setting's value as both lines carry it. */
export type WireSettingValue =
  | { readonly case: 'stringValue'; readonly value: string }
  | { readonly case: 'boolValue'; readonly value: boolean }
  | { readonly case: 'intValue'; readonly value: bigint }
  | { readonly case: 'bytesValue'; readonly value: Uint8Array<ArrayBuffer> }

/** Writes a value. */
export function toWireValue(value: SettingValue): WireSettingValue {
  switch (typeof value) {
    case 'string':
      return { case: 'stringValue', value }
    case 'boolean':
      return { case: 'boolValue', value }
    case 'number':
      return { case: 'intValue', value: BigInt(value) }
    default:
      return { case: 'bytesValue', value: new Uint8Array(value) }
  }
}

/** Reads a value; undefined for none. A number that cannot be held exactly comes as its decimal text. */
export function fromWireValue(
  wire: { case: string | undefined; value?: SettingValue | bigint | undefined } | undefined,
) {
  const value = wire?.value
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}
