import type { DescMethod, Message } from '@bufbuild/protobuf'
import type { status } from '@grpc/grpc-js'
import type { Logger } from 'pino'
import type { Principal } from '../auth/principal.js'

/** How a call ended that was refused, cancelled or lost. */
export interface CallRefusal {
  readonly code: status
  readonly details: string
}

/** Looks on while one call is served. */
export interface CallFollower {
  /** Who calls is known now. Does not come for callers that nobody knows. */
  identify(principal: Principal): void
  /** A request has come, of this many bytes. */
  request(message: Message, sizeBytes: number): void
  /** An answer goes out. */
  response(message: Message, sizeBytes: number): void
  /** The call is over, with the refusal when there is one. May come twice; the first counts. */
  end(refusal?: CallRefusal): void
}

/** Begins to look on at a call. */
export type FollowCall = (method: DescMethod) => CallFollower

/** Lets several look on at each call. One that fails costs a line in the log, and never the call. */
export function followTogether(follows: readonly FollowCall[], logger: Logger): FollowCall {
  const attempt = <Result>(look: () => Result): Result | undefined => {
    try {
      return look()
    } catch (error) {
      logger.error({ err: error }, 'Looking on at a call failed')
      return undefined
    }
  }
  return (method) => {
    const followers = follows
      .map((follow) => attempt(() => follow(method)))
      .filter((follower) => follower !== undefined)
    const tell = (look: (follower: CallFollower) => void) => {
      for (const follower of followers) attempt(() => look(follower))
    }
    return {
      identify: (principal) => tell((follower) => follower.identify(principal)),
      request: (message, sizeBytes) => tell((follower) => follower.request(message, sizeBytes)),
      response: (message, sizeBytes) => tell((follower) => follower.response(message, sizeBytes)),
      end: (refusal) => tell((follower) => follower.end(refusal)),
    }
  }
}
