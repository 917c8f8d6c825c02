import { invalidArgument } from '../errors/status-error.js'

/** How long something is in UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text)
}

/** @throws StatusError when a text has more bytes than it may. */
export function checkLength(what: string, text: string, limit: number): void {
  const bytes = byteLength(text)
  if (bytes > limit) throw invalidArgument(`${what} exceeds maximum length (${bytes} > ${limit})`)
}

/** @throws StatusError when an encoded message is larger than it may be. */
export function checkEncodedSize(what: string, bytes: number, limit: number): void {
  if (bytes > limit) throw invalidArgument(`${what} serialized size exceeds maximum (${bytes} > ${limit})`)
}

/** @throws StatusError when something has more entries than it may. */
export function checkEntryCount(what: string, count: number, limit: number): void {
  if (count > limit) throw invalidArgument(`${what} exceeds maximum entries (${count} > ${limit})`)
}

const entryLimit = 128
const keyLimit = 256
const valueLimit = 8_192

/** @throws StatusError when a map has more entries than it may, 128 unless another limit is given, or an entry is too long. */
export function checkMapSizes(what: string, map: Readonly<Record<string, string>>, maximumEntries = entryLimit): void {
  const entries = Object.entries(map)
  checkEntryCount(what, entries.length, maximumEntries)
  for (const [key, value] of entries) {
    checkLength(`${what} key`, key, keyLimit)
    checkLength(`${what} value`, value, valueLimit)
  }
}
