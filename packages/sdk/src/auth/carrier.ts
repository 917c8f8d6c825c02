/** How a token travels with each call. */
export interface Carrier {
  readonly type: 'bearer' | 'edge'
  /** What a token may hold; anything else could end the header and begin another. */
  readonly pattern: RegExp
  /** The pattern in words. */
  readonly characters: string
  /** Whether connections go through a WebSocket. */
  readonly tunnel: boolean
  toHeaders(token: string): readonly (readonly [name: string, value: string])[]
}

/** `authorization: Bearer …`. */
export const bearerCarrier: Carrier = {
  type: 'bearer',
  pattern: /^[!-~]+$/,
  characters: 'visible ASCII',
  tunnel: false,
  toHeaders: (token) => [['authorization', `Bearer ${token}`]],
}

/** The headers that the edge reads. */
export const edgeCarrier: Carrier = {
  type: 'edge',
  // A cookie's own characters: no comma, semicolon, quote, backslash or space.
  pattern: /^[!#-+\--:<-[\]-~]+$/,
  characters: 'what a cookie can carry',
  tunnel: false,
  toHeaders: (token) => [
    ['cf-access-jwt-assertion', token],
    ['cookie', `CF_Authorization=${token}`],
  ],
}

/** The same over a connection in a WebSocket. */
export const tunnelCarrier: Carrier = { ...edgeCarrier, tunnel: true }

/** What is wrong about a token, after its name; never the token itself. */
export function tokenProblem(token: unknown, { pattern, characters }: Carrier): string | undefined {
  if (typeof token !== 'string') return `must be a text, got ${typeof token}`
  if (token === '') return 'is empty'
  return pattern.test(token) ? undefined : `has other characters than ${characters}; a header cannot carry it`
}
