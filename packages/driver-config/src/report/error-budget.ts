import { isWellFormed } from '../check/is-well-formed.js'

/**
 * Bytes that the message and the details of one error may take together on the wire. The gateway loses an error above
 * 16,384 header bytes whole, and clients on the gRPC core library fail at random above 8,192.
 */
export const errorBudgetBytes = 7_700

/** The size of an error on the wire: its message percent-encoded, and `detailBytes` bytes of details as base64. */
export function errorBytes(message: string, detailBytes = 0): number {
  return encodeURI(message).length + Math.ceil(detailBytes / 3) * 4
}

/** The message as it can be sent: lone surrogates are replaced, because the encoding throws on them, and the end is cut. */
export function boundMessage(message: string, budget = errorBudgetBytes): string {
  const sendable = wellFormed(message)
  if (errorBytes(sendable) <= budget) return sendable
  const ending = ' …'
  let room = budget - errorBytes(ending)
  let end = 0
  for (const character of sendable) {
    room -= errorBytes(character)
    if (room < 0) break
    end += character.length
  }
  return sendable.slice(0, end) + ending
}

/** The text without lone surrogates. */
export function wellFormed(text: string): string {
  return isWellFormed(text)
    ? text
    : text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD')
}
