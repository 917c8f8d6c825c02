import { setTimeout as sleep } from 'node:timers/promises'
import { fromBinary, type Message } from '@bufbuild/protobuf'
import { Metadata, type ServiceError, status } from '@grpc/grpc-js'
import type { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { BadRequestSchema, ErrorInfoSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import { readMessage, writeMessage } from './message-json.js'
import type { JsonMap, RecordedStep } from './recording.js'

/** How a unary call ended, as recordings write it. */
export type ClientOutcome = JsonMap & { readonly code: string; readonly response?: JsonMap }

type CallOptions = Pick<RecordedStep, 'token' | 'opts'>

const defaultDeadlineMs = 20_000

/** Calls a method of the public API by its name. Never rejects. */
export async function callGateway(
  client: GrpcServiceClient<typeof OpenShell>,
  rpc: string,
  request: JsonMap,
  { token, opts = {} }: CallOptions = {},
): Promise<ClientOutcome> {
  const method = methodOf(rpc)
  const aborter = new AbortController()
  if (opts.cancel_after_ms !== undefined) void sleep(opts.cancel_after_ms).then(() => aborter.abort())
  try {
    const response: Message = await client.unary(
      method.localName as 'getSandbox',
      readMessage(method.input, request) as never,
      {
        metadata: metadataOf(token),
        deadline: new Date(Date.now() + (opts.deadline_ms ?? defaultDeadlineMs)),
        signal: aborter.signal,
      },
    )
    return { code: 'OK', response: writeMessage(method.output, response) }
  } catch (error) {
    return describeError(error as ServiceError)
  }
}

/** The method of the public API that recordings call by this name. */
export function methodOf(rpc: string) {
  const method = OpenShell.methods.find(({ name }) => name === rpc)
  if (!method) throw new Error(`The recording calls ${rpc}, which the API does not have.`)
  return method
}

/** The metadata of a caller with this token, or of one without any. */
export function metadataOf(token: string | undefined): Metadata {
  const metadata = new Metadata()
  if (token) metadata.set('authorization', `Bearer ${token}`)
  return metadata
}

function describeError(error: ServiceError): ClientOutcome {
  const trailers = Object.entries(error.metadata.getMap()).filter(([key]) => key.startsWith('x-acme'))
  return {
    code: status[error.code] ?? String(error.code),
    message: error.details,
    ...describeDetails(error.metadata.get('grpc-status-details-bin')[0]),
    ...(trailers.length > 0 && { trailers: Object.fromEntries(trailers) as JsonMap }),
  }
}

function describeDetails(bytes: string | Buffer | undefined): JsonMap {
  if (!(bytes instanceof Buffer)) return {}
  const { details } = fromBinary(StatusSchema, bytes)
  return {
    details: details.map(({ typeUrl }) => typeUrl.split('/').at(-1) ?? ''),
    details_values: details.map(({ typeUrl, value }) => {
      const schema = [BadRequestSchema, ErrorInfoSchema].find(({ typeName }) => typeUrl.endsWith(`/${typeName}`))
      return schema ? inCamelCase(writeMessage(schema, fromBinary(schema as never, value))) : null
    }),
  }
}

// The recordings show details in the names of their tool.
function inCamelCase({ field_violations: fieldViolations, ...others }: JsonMap): JsonMap {
  return { ...(fieldViolations !== undefined && { fieldViolations }), ...others }
}
