const receivedLimit = 1_000

/** A case that found the driver at fault. */
export class CaseFailure extends Error {
  override readonly name = 'CaseFailure'
  /** What the rule asks for. */
  readonly expected: string
  /** What the driver did, cut at 1,000 characters. */
  readonly received: string

  constructor(expected: string, received: string) {
    const cut = received.length > receivedLimit ? `${received.slice(0, receivedLimit)} …` : received
    super(`expected ${expected}; received ${cut}`)
    this.expected = expected
    this.received = cut
  }
}

/** A case that cannot be judged here: something that it needs was not given, or an earlier step failed. */
export class CaseSkip extends Error {
  override readonly name = 'CaseSkip'
}

/** A case about something that the driver need not offer, and does not. */
export class CaseUnsupported extends Error {
  override readonly name = 'CaseUnsupported'
}

/** @throws CaseFailure when the condition does not hold. */
export function expectThat(condition: boolean, expected: string, received: string): asserts condition {
  if (!condition) throw new CaseFailure(expected, received)
}
