// A name has 255 bytes at most.
const MAX_KEPT_BYTES = 100

/** A name of its own for what is not complete yet, which tells what it becomes. */
export function partName(name: string): string {
  // A character that is cut in the middle is left out.
  const kept = new TextDecoder().decode(Buffer.from(name).subarray(0, MAX_KEPT_BYTES)).replace(/\ufffd+$/, '')
  return `.${kept}.${crypto.randomUUID().slice(0, 13)}.part`
}
