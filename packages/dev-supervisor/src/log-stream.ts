import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { GrpcClientStream } from '@openshell-ts/protocol/grpc'
import {
  type PushSandboxLogsRequest,
  PushSandboxLogsRequestSchema,
  type PushSandboxLogsResponse,
  type SandboxLogLineSchema,
} from '@openshell-ts/protocol/v0-0'
import {
  type PushSandboxLogsRequest as LaterRequest,
  PushSandboxLogsRequestSchema as LaterRequestSchema,
  type PushSandboxLogsResponse as LaterResponse,
} from '@openshell-ts/protocol/v0-1'

/** One line of the supervisor's log, as clients see it. */
export type LogLine = MessageInitShape<typeof SandboxLogLineSchema>

/** An open stream of log lines to a gateway. */
export interface LogStream {
  /** Sends one batch. */
  send(sandboxId: string, lines: readonly LogLine[]): void
  /** There are no more. */
  end(): void
  /** Resolves when the gateway has taken them all. Rejects with its status. */
  readonly response: Promise<unknown>
}

/** A stream in the words of line 0.0. */
export function logStream({
  requests,
  response,
}: GrpcClientStream<PushSandboxLogsRequest, PushSandboxLogsResponse>): LogStream {
  requests.on('error', () => {})
  return {
    send: (sandboxId, lines) =>
      void requests.write(create(PushSandboxLogsRequestSchema, { sandboxId, logs: [...lines] })),
    end: () => void requests.end(),
    response,
  }
}

/** A stream in the words of line 0.1, where a time is a timestamp. */
export function laterLogStream({ requests, response }: GrpcClientStream<LaterRequest, LaterResponse>): LogStream {
  requests.on('error', () => {})
  return {
    send(sandboxId, lines) {
      const logs = lines.map(({ level, target, message, source, fields, timestampMs }) => ({
        ...{ level, target, message, source, fields },
        eventTime: timestampFromMs(Number(timestampMs)),
      }))
      requests.write(create(LaterRequestSchema, { sandboxId, logs } as MessageInitShape<typeof LaterRequestSchema>))
    },
    end: () => void requests.end(),
    response,
  }
}
