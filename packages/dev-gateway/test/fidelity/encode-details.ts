import { fromJson, toBinary } from '@bufbuild/protobuf'
import { anyPack } from '@bufbuild/protobuf/wkt'
import { BadRequestSchema, ErrorInfoSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import type { Json, JsonMap } from './recording.js'

const schemas = { 'google.rpc.BadRequest': BadRequestSchema, 'google.rpc.ErrorInfo': ErrorInfoSchema } as const

/** Writes the error details that a recording's reply describes, or `undefined` when it has none. */
export function encodeDetails(code: number, message: string, reply: JsonMap): Buffer | undefined {
  const described = reply['details_bytes'] ? [padding(Number(reply['details_bytes']))] : reply['details']
  if (!Array.isArray(described)) return undefined
  const details = described.map((detail) => {
    const { type, value } = detail as { type: keyof typeof schemas; value: Json }
    const schema = schemas[type]
    return anyPack(schema, fromJson(schema, value as never) as never)
  })
  return Buffer.from(toBinary(StatusSchema, { $typeName: 'google.rpc.Status', code, message, details }))
}

function padding(bytes: number): Json {
  const value = { reason: 'PAD', domain: 'acme.example', metadata: { pad: 'd'.repeat(bytes) } }
  return { type: 'google.rpc.ErrorInfo', value }
}
