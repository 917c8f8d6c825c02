/** Bytes of a text in UTF-8; a lone surrogate counts as 3. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    if (unit < 0x800) bytes += 1
    else if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
      // A pair is two units and four bytes.
      bytes += 2
      index += 1
    } else bytes += 2
  }
  return bytes
}

/** Bytes of a length-delimited protobuf field with a one-byte tag. */
export function fieldSize(length: number): number {
  let size = 2 + length
  for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1
  return size
}

/** Bytes of a protobuf `Value` that holds a number. */
export const numberSize = 9
/** Bytes of a protobuf `Value` that holds a boolean or null. */
export const booleanSize = 2

/** Bytes of one entry of a protobuf `Struct`. */
export function entrySize(key: string, valueSize: number): number {
  return fieldSize(fieldSize(utf8Length(key)) + fieldSize(valueSize))
}
