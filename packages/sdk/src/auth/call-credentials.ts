import { OpenShellError } from '../errors/openshell-error.js'
import { type Carrier, tokenProblem } from './carrier.js'
import type { TokenProvider } from './client-auth.js'

/** What a call was sent with. */
export interface HeldCredential {
  /** Grows by one with each new token. */
  readonly generation: number
  readonly headers: readonly (readonly [name: string, value: string])[]
}

interface Question {
  readonly forced: boolean
  readonly answer: Promise<HeldCredential>
}

/** The token of a client as it changes. Calls at the same time ask once, and a late refusal does not touch a newer token. */
export class CallCredentials {
  readonly carrier: Carrier
  readonly #provide: TokenProvider
  #held: HeldCredential = { generation: 0, headers: [] }
  #token: string | undefined
  readonly #ended = new AbortController()
  #question: Question | undefined
  #asked = 0
  #answered = 0

  constructor(carrier: Carrier, provide: TokenProvider) {
    this.carrier = carrier
    this.#provide = provide
  }

  /** The credential for a call. Throws kind `unauthenticated` when there is none. */
  current(): Promise<HeldCredential> {
    return (this.#question ?? this.#ask(false)).answer
  }

  /** A newer credential than the refused one; the same generation when there is none. */
  async renew({ generation }: HeldCredential): Promise<HeldCredential> {
    if (this.#question?.forced) return this.#question.answer
    if (this.#held.generation !== generation) return this.#held
    return this.#ask(true).answer
  }

  /** Ends what is asked for at the moment. */
  end(): void {
    this.#ended.abort()
  }

  #ask(forced: boolean): Question {
    this.#asked += 1
    const turn = this.#asked
    const answer = this.#tokenOf(forced)
      .then((token) => this.#hold(turn, token))
      .finally(() => {
        if (this.#question === question) this.#question = undefined
      })
    const question = { forced, answer }
    this.#question = question
    return question
  }

  async #tokenOf(forceRefresh: boolean): Promise<string> {
    let token: unknown
    try {
      token = await this.#provide({ forceRefresh, signal: this.#ended.signal })
    } catch (error) {
      throw error instanceof OpenShellError ? error : refused('getToken of option auth failed', error)
    }
    const problem = tokenProblem(token, this.carrier)
    if (problem !== undefined || typeof token !== 'string') throw refused(`The token of option auth ${problem}`)
    return token
  }

  // An answer that arrives after that of a later question is old.
  #hold(turn: number, token: string): HeldCredential {
    if (turn < this.#answered) return this.#held
    this.#answered = turn
    if (token !== this.#token) {
      this.#token = token
      this.#held = { generation: this.#held.generation + 1, headers: this.carrier.toHeaders(token) }
    }
    return this.#held
  }
}

function refused(problem: string, cause?: unknown): OpenShellError {
  return new OpenShellError({ kind: 'unauthenticated', message: `${problem}. Nothing was sent.`, cause })
}
