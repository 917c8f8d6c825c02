import { fromBinary } from '@bufbuild/protobuf'
import { anyUnpack } from '@bufbuild/protobuf/wkt'
import type { ServiceError } from '@grpc/grpc-js'
import {
  type BadRequest,
  BadRequestSchema,
  type ErrorInfo,
  ErrorInfoSchema,
  StatusSchema,
} from '@openshell-ts/protocol/rpc'

/** The error that a call ends with; fails when the call succeeds. */
export async function rejection(call: Promise<unknown>): Promise<ServiceError> {
  try {
    await call
  } catch (error) {
    return error as ServiceError
  }
  throw new Error('The call succeeded; an error was expected.')
}

/** The rich details of an error. */
export interface RichDetails {
  readonly code: number
  readonly message: string
  readonly badRequest: BadRequest | undefined
  readonly errorInfo: ErrorInfo | undefined
}

/** Decodes `grpc-status-details-bin`, or returns `undefined` when the error has none. */
export function richDetails(error: ServiceError): RichDetails | undefined {
  const [bytes] = error.metadata.get('grpc-status-details-bin')
  if (!(bytes instanceof Uint8Array)) return undefined
  const status = fromBinary(StatusSchema, bytes)
  const find = <Schema extends typeof BadRequestSchema | typeof ErrorInfoSchema>(schema: Schema) =>
    status.details.map((detail) => anyUnpack(detail, schema)).find((message) => message !== undefined)
  return {
    code: status.code,
    message: status.message,
    badRequest: find(BadRequestSchema) as BadRequest | undefined,
    errorInfo: find(ErrorInfoSchema) as ErrorInfo | undefined,
  }
}
