/** The wire types of protobuf, by number, as the real gateway's decoder names them. */
export const wireTypeNames = ['Varint', 'SixtyFourBit', 'LengthDelimited', 'StartGroup', 'EndGroup', 'ThirtyTwoBit']

/** A problem in encoded bytes, in the words of the real gateway's decoder. */
export class WireError extends Error {
  override readonly name = 'WireError'
}

/** Reads protobuf's wire format from one message's bytes. Every read checks its bounds and throws `WireError`. */
export class WireCursor {
  readonly #bytes: Uint8Array
  readonly #end: number
  #position: number

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#position = position
    this.#end = end
  }

  /** True when every byte was read. */
  get done(): boolean {
    return this.#position >= this.#end
  }

  /** Reads a field's key. */
  key(): { readonly number: number; readonly wireType: number } {
    const key = this.varint()
    if (key > 0xffff_ffffn) throw new WireError(`invalid key value: ${key}`)
    const wireType = Number(key & 7n)
    const number = Number(key >> 3n)
    if (wireType >= wireTypeNames.length) throw new WireError(`invalid wire type value: ${wireType}`)
    if (number === 0) throw new WireError('invalid tag value: 0')
    return { number, wireType }
  }

  /** Reads a varint of at most ten bytes. */
  varint(): bigint {
    let value = 0n
    for (let index = 0; index < 10; index++) {
      const byte = this.#bytes[this.#position]
      if (byte === undefined || this.done) throw new WireError('invalid varint')
      this.#position++
      value |= BigInt(byte & 0x7f) << BigInt(7 * index)
      if (byte < 0x80) return value & 0xffff_ffff_ffff_ffffn
    }
    throw new WireError('invalid varint')
  }

  /** Reads a length and the bytes that it announces. */
  lengthDelimited(): Uint8Array {
    const length = this.varint()
    return this.#take(length)
  }

  /** Passes over a value whose field is not known. */
  skip(wireType: number): void {
    if (wireType === 0) this.varint()
    else if (wireType === 1) this.#take(8n)
    else if (wireType === 2) this.lengthDelimited()
    else if (wireType === 5) this.#take(4n)
    else throw new WireError(`unexpected ${wireType === 4 ? 'end group tag' : 'group'}`)
  }

  #take(length: bigint): Uint8Array {
    if (length > BigInt(this.#end - this.#position)) throw new WireError('buffer underflow')
    const start = this.#position
    this.#position += Number(length)
    return this.#bytes.subarray(start, this.#position)
  }
}
