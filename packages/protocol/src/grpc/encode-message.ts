import {
  type DescField,
  type DescMessage,
  type Message,
  type MessageShape,
  ScalarType,
  toBinary,
} from '@bufbuild/protobuf'
import { WireType } from '@bufbuild/protobuf/wire'
import { asBuffer } from './as-buffer.js'

/** The fields, from outside in, that lead to bytes which are all that a message says. */
type BytesPath = readonly [DescField] | readonly [DescField, DescField]

const pathsOf = new WeakMap<DescMessage, ReadonlyMap<string, BytesPath>>()

/**
 * The bytes of a message, as `toBinary` gives them. Where a message only carries bytes, as those of a relay or of a command's
 * output do, they are copied once and not once a level.
 */
export function encodeMessage<Schema extends DescMessage>(schema: Schema, message: MessageShape<Schema>): Buffer {
  const [first, ...others] = encodeMessageParts(schema, message)
  return others.length === 0 ? first : Buffer.concat([first, ...others])
}

/** The same in parts, to be sent one after the other: bytes that a message only carries are a part of their own, and not copied. */
export function encodeMessageParts<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
): readonly [Buffer, ...Buffer[]] {
  const carried = carriedBytes(schema, message)
  if (!carried) return [asBuffer(toBinary(schema, message))]
  return [asBuffer(bytesHead(carried.path, carried.bytes.length)), asBuffer(carried.bytes)]
}

/**
 * What stands before the bytes in a message that carries so many of them in a member of its `oneof`, and nothing else: whoever
 * sends both, one after the other, has sent the message without copying the bytes.
 *
 * @throws TypeError when the member cannot carry bytes.
 */
export function encodeBytesHead(schema: DescMessage, member: string, lengthBytes: number): Uint8Array {
  const path = bytesPaths(schema).get(member)
  if (!path) throw new TypeError(`${schema.typeName} carries no bytes in a member "${member}".`)
  return bytesHead(path, lengthBytes)
}

function bytesHead([outer, inner]: BytesPath, lengthBytes: number): Uint8Array {
  const head: number[] = []
  pushVarint(head, tagOf(outer))
  if (inner) {
    const own: number[] = []
    pushVarint(own, tagOf(inner))
    pushVarint(own, lengthBytes)
    pushVarint(head, own.length + lengthBytes)
    head.push(...own)
  } else {
    pushVarint(head, lengthBytes)
  }
  return Uint8Array.from(head)
}

function tagOf(field: DescField): number {
  return ((field.number << 3) | WireType.LengthDelimited) >>> 0
}

// A writer of protobuf-es makes room for a whole message first.
function pushVarint(bytes: number[], value: number): void {
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  bytes.push(rest)
}

function carriedBytes(
  schema: DescMessage,
  message: Message,
): { readonly path: BytesPath; readonly bytes: Uint8Array } | undefined {
  const [oneof] = schema.oneofs
  const paths = bytesPaths(schema)
  if (!oneof || paths.size === 0 || message.$unknown) return undefined
  const { case: member, value } = Reflect.get(message, oneof.localName) as { case?: string; value?: unknown }
  const path = member === undefined ? undefined : paths.get(member)
  if (!path) return undefined
  const [, inner] = path
  if (!inner) return value instanceof Uint8Array ? { path, bytes: value } : undefined
  const { $unknown: unknown } = value as Message
  const bytes: unknown = Reflect.get(value as Message, inner.localName)
  // Empty bytes are not written at all.
  return unknown || !(bytes instanceof Uint8Array) || bytes.length === 0 ? undefined : { path, bytes }
}

function bytesPaths(schema: DescMessage): ReadonlyMap<string, BytesPath> {
  const known = pathsOf.get(schema)
  if (known) return known
  const paths = new Map<string, BytesPath>()
  const [oneof] = schema.oneofs
  if (oneof && oneof.fields.length === schema.fields.length) {
    for (const field of oneof.fields) {
      const path = pathOf(field)
      if (path) paths.set(field.localName, path)
    }
  }
  pathsOf.set(schema, paths)
  return paths
}

function pathOf(field: DescField): BytesPath | undefined {
  if (isBytes(field)) return [field]
  const inner = field.fieldKind === 'message' ? field.message.fields : []
  const [only] = inner
  return only && inner.length === 1 && isBytes(only) && only.oneof === undefined ? [field, only] : undefined
}

function isBytes(field: DescField): boolean {
  return field.fieldKind === 'scalar' && field.scalar === ScalarType.BYTES
}
