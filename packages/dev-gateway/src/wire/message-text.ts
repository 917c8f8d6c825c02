import { type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf'

/** A message as text for a file: JSON could not hold every value of it. */
export function messageToText<Schema extends DescMessage>(schema: Schema, message: MessageShape<Schema>): string {
  return Buffer.from(toBinary(schema, message)).toString('base64')
}

/** The message that `messageToText` wrote. Throws for any other text. */
export function messageFromText<Schema extends DescMessage>(schema: Schema, text: string): MessageShape<Schema> {
  return fromBinary(schema, Buffer.from(text, 'base64'), { recursionLimit: 200 })
}
