/** A text of the other side as a part of a sentence of ours, which has an end of its own. */
export function withoutFullStop(text: string): string {
  const trimmed = text.trimEnd()
  return trimmed.endsWith('.') ? trimmed.slice(0, -1) : trimmed
}
