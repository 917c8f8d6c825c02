import type { JsonObject } from '../envelope/json-value.js'

/** A file to publish. */
export interface PublishedFile {
  /** Name of the file in the folder of the driver, with `/` between folders: `draft-07/v2.schema.json`. */
  readonly name: string
  /** Equal configs give equal texts. */
  readonly text: string
}

/** A file that is JSON: two spaces, a line break at the end. */
export interface PublishedDocument extends PublishedFile {
  readonly value: JsonObject
}

/** A document as a file. */
export function toDocument(name: string, value: JsonObject): PublishedDocument {
  return { name, value, text: `${JSON.stringify(value, undefined, 2)}\n` }
}
