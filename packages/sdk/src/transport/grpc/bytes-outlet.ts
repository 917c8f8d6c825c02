import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { BytesSink, BytesSinks } from './bytes-sink.js'

/** A message whose bytes go to a sink. */
export interface DivertedMessage {
  readonly sink: BytesSink
  /** How much of the message comes before the bytes. */
  readonly headBytes: number
  /** The message without its bytes, which is read in its place; absent for all but the first, because it would say nothing new. */
  readonly emptied: Uint8Array | undefined
}

/** Finds the messages whose bytes go to sinks. */
export class BytesOutlet {
  readonly #sinks: BytesSinks
  #hasBegun = false

  constructor(sinks: BytesSinks) {
    this.#sinks = sinks
  }

  /** Reads the start of a message of so many bytes. Undefined when its bytes go to no sink, and when too little of it is there to tell. */
  divert(start: Uint8Array, length: number): DivertedMessage | undefined {
    const head = readHead(start, length)
    const sink = head && this.#sinks.get(head.field)
    if (!sink) return undefined
    const emptied = this.#hasBegun ? undefined : emptyField(head.field)
    this.#hasBegun = true
    return { sink, headBytes: head.bytes, emptied }
  }
}

function readHead(start: Uint8Array, length: number): { field: number; bytes: number } | undefined {
  try {
    const reader = new BinaryReader(start)
    const [field, type] = reader.tag()
    const isWhole = reader.uint32() + reader.pos === length
    const [innerField, innerType] = reader.tag()
    const isWholeInside = reader.uint32() + reader.pos === length
    const isBytes = type === WireType.LengthDelimited && innerType === WireType.LengthDelimited && innerField === 1
    return isBytes && isWhole && isWholeInside ? { field, bytes: reader.pos } : undefined
  } catch {
    // The start is too short, or not that of a message; who reads the message says so.
    return undefined
  }
}

function emptyField(field: number): Uint8Array {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(new Uint8Array()).finish()
}
