import type { IncomingHttpHeaders } from 'node:http2'

/** The fields of blocks of headers as connect shows them, without those of HTTP/2 itself. */
export function toHeaders(...blocks: readonly IncomingHttpHeaders[]): Headers {
  const headers = new Headers()
  for (const block of blocks) {
    for (const [name, value] of Object.entries(block)) {
      if (name.startsWith(':') || value === undefined) continue
      for (const each of Array.isArray(value) ? value : [value]) headers.append(name, each)
    }
  }
  return headers
}

/** A field that is there once at most. */
export function fieldOf(block: IncomingHttpHeaders, name: string): string | undefined {
  const value = block[name]
  return Array.isArray(value) ? value[0] : value
}

// The protocol writes at most eight digits.
const MAX_AMOUNT = 99_999_999
const UNITS = [
  ['m', 1],
  ['S', 1_000],
  ['M', 60_000],
  ['H', 3_600_000],
] as const

/** A limit as the protocol writes it, never shorter than it is. */
export function toGrpcTimeout(timeoutMs: number): string {
  const [unit, ms] = UNITS.find(([, ms]) => timeoutMs / ms <= MAX_AMOUNT) ?? ['H', Number.POSITIVE_INFINITY]
  return `${Math.min(MAX_AMOUNT, Math.ceil(timeoutMs / ms) || MAX_AMOUNT)}${unit}`
}
