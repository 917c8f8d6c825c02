import type { DescMethod, Message } from '@bufbuild/protobuf'
import { unimplementedRpcs } from '../api/unimplemented.js'
import { methodRule } from '../auth/method-rule.js'
import type { FaultList, UnusedFault } from '../faults/fault-list.js'
import { namedSandboxes } from '../faults/named-sandboxes.js'
import type { CallFollower, FollowCall } from '../server/call-follower.js'
import type { WireLine } from '../wire/wire-line.js'
import { count, ExpectedCalls } from './expected-calls.js'
import { type OpenCall, OpenCalls, openProblem } from './open-calls.js'
import type { ExpectedCall, StrictOptions } from './strict-options.js'
import type { StrictProblem } from './strict-problem.js'

// How many different paths that do not exist are told apart; a scan of them must not fill the memory.
const unservedLimit = 100

/** What a ledger needs to know of its gateway. */
export interface CallLedgerOptions extends StrictOptions {
  readonly line: WireLine
  readonly faults: FaultList
  readonly now: () => number
}

/** Keeps account of what a gateway is asked, over all its restarts. */
export class CallLedger {
  readonly #options: CallLedgerOptions
  readonly #refused: ReadonlySet<string>
  readonly #open = new OpenCalls()
  readonly #unserved = new Map<string, number>()
  #expected: ExpectedCalls | undefined
  #found: StrictProblem[] = []

  /** @throws TypeError for an expected call that cannot be. */
  constructor(options: CallLedgerOptions) {
    this.#options = options
    this.#refused = new Set(unimplementedRpcs.filter(({ lines }) => lines.includes(options.line)).map(({ rpc }) => rpc))
    if (options.expect) this.#expected = new ExpectedCalls(options.expect)
  }

  /** Expects other calls from now on; what the earlier list missed stays a problem. */
  expect(calls: readonly (string | ExpectedCall)[]): void {
    const expected = new ExpectedCalls(calls)
    this.#found.push(...(this.#expected?.takeProblems() ?? []))
    this.#expected = expected
  }

  /** Looks on at the calls of one run; `nameOf` tells the name that belongs to a sandbox's id. */
  follow(nameOf: (id: string) => string | undefined): FollowCall {
    return (method) => this.#follow(method, nameOf)
  }

  /** Takes the call of a path that no method has. */
  takeUnknown(path: string): void {
    this.#takeUnserved(path)
  }

  /** Everything that is wrong, once open calls have had their time to end. Each problem is given once. */
  async takeProblems(): Promise<readonly StrictProblem[]> {
    const { allowOpen = [], settleMs = 2_000, now, faults } = this.#options
    const open = await this.#open.left(allowOpen, settleMs)
    const problems = [
      ...this.#found,
      ...[...this.#unserved].map(unservedProblem),
      ...(this.#expected?.takeProblems() ?? []),
      ...open.map((call) => openProblem(call, now())),
      ...faults.takeUnused().map(unusedProblem),
    ]
    this.#found = []
    this.#unserved.clear()
    for (const call of open) this.#open.remove(call)
    return problems
  }

  #follow(method: DescMethod, nameOf: (id: string) => string | undefined): CallFollower {
    const rpc = method.name
    const call: OpenCall = {
      rpc,
      kind: method.methodKind === 'unary' ? 'unary' : 'stream',
      who: '',
      sandbox: '',
      startedMs: this.#options.now(),
    }
    if (this.#refused.has(rpc)) this.#takeUnserved(rpc)
    this.#open.add(call)
    let taken = false
    const take = (side: 'client' | 'supervisor') => {
      if (!taken) this.#expected?.take(rpc, side)
      taken = true
    }
    return {
      identify(principal) {
        take(principal.type === 'sandbox' ? 'supervisor' : 'client')
        call.who = principal.type === 'sandbox' ? 'its supervisor' : principal.subject
        if (principal.type === 'sandbox') call.sandbox = nameOf(principal.sandboxId) ?? principal.sandboxId
      },
      request: (message: Message) => {
        call.sandbox ||= namedSandboxes(message, nameOf)[0] ?? ''
      },
      response: () => undefined,
      end: () => {
        // Nobody found out who it was.
        take(methodRule(method).authMode === 'sandbox' ? 'supervisor' : 'client')
        this.#open.remove(call)
      },
    }
  }

  #takeUnserved(rpc: string): void {
    const calls = this.#unserved.get(rpc)
    if (calls === undefined && this.#unserved.size >= unservedLimit) return
    this.#unserved.set(rpc, (calls ?? 0) + 1)
  }
}

function unservedProblem([rpc, calls]: readonly [string, number]): StrictProblem {
  const remedy = rpc.startsWith('/') ? 'the gateway has no such method' : 'the gateway refuses it as UNIMPLEMENTED'
  return { code: 'unserved-call', rpc, message: `${rpc} was called ${count(calls)}; ${remedy}.` }
}

function unusedProblem({ rpc, text, hits, times }: UnusedFault): StrictProblem {
  const struck = times === undefined || hits === 0 ? 'struck no call' : `struck ${hits} of ${times} calls`
  return {
    code: 'unused-fault',
    rpc,
    message: `The fault ${text} ${struck}; make the call that it is for, or drop it.`,
  }
}
