import { ConnectError } from '@connectrpc/connect'

/** An answer that no gateway gives: from a proxy, a login page, another server. */
export interface ForeignAnswer {
  readonly httpStatus: number
  /** True for answers with which a proxy asks for a login. */
  readonly wantsLogin: boolean
  /** True for answers of a proxy that does not reach the gateway for now. */
  readonly passing: boolean
}

const PASSING = new Set([429, 502, 503, 504])

/** Recognizes what connect says of an answer that is not gRPC. */
export function foreignAnswerOf(error: unknown): ForeignAnswer | undefined {
  if (!(error instanceof ConnectError) || error.metadata.has('grpc-status')) return undefined
  const httpStatus = httpStatusOf(error.rawMessage)
  if (httpStatus === undefined) return undefined
  const wantsLogin = httpStatus === 401 || httpStatus === 403 || (httpStatus >= 300 && httpStatus < 400)
  return { httpStatus, wantsLogin, passing: PASSING.has(httpStatus) }
}

function httpStatusOf(message: string): number | undefined {
  if (message.startsWith('unsupported content type ')) return 200
  const [, digits] = /^HTTP (\d{3})$/.exec(message) ?? []
  return digits === undefined ? undefined : Number(digits)
}
