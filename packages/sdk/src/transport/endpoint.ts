import { OpenShellError } from '../errors.js'

/** Where a gateway listens. */
export interface Endpoint {
  /** Base URL, without a trailing slash. */
  readonly url: string
  readonly secure: boolean
  readonly host: string
  readonly port: number
}

/** Parses `http://host:port` and `https://host:port`. Throws kind `configuration` for anything else. */
export function parseEndpoint(text: string): Endpoint {
  if (typeof text !== 'string') throw invalid(`must be a text, got ${typeof text}`)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url) throw invalid(`"${withoutCredentials(text)}" is not a URL`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(`the scheme "${url.protocol.slice(0, -1)}" is not served`)
  }
  if (url.username !== '' || url.password !== '') throw invalid('a URL must not hold credentials')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw invalid('a gateway has no path, query or fragment')
  const secure = url.protocol === 'https:'
  return {
    url: url.origin,
    secure,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
  }
}

function invalid(problem: string): OpenShellError {
  return new OpenShellError({
    kind: 'configuration',
    message: `Option endpoint: ${problem}.`,
    hint: 'Write the endpoint as "http://127.0.0.1:17670" or "https://gateway.example:17670".',
  })
}

function withoutCredentials(text: string): string {
  return text.slice(0, 200).replace(/\/\/[^/]*@/, '//***@')
}
