const longest = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * A 64-bit number of the wire as a number. One beyond 2^53 becomes the last that is exact: rounded up it would not fit into the wire any
 * more, and no answer could hold its record.
 */
export function toNumber(value: bigint): number {
  if (value > longest) return Number(longest)
  return value < -longest ? -Number(longest) : Number(value)
}
