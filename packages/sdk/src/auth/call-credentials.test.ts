import { describe, expect, test, vi } from 'vitest'
import { CallCredentials } from './call-credentials.js'
import { bearerCarrier, edgeCarrier } from './carrier.js'

/** A provider whose answers the test gives one by one. */
function providerByHand() {
  const questions: { forceRefresh: boolean; answer: (token: string) => void }[] = []
  const provide = ({ forceRefresh }: { forceRefresh: boolean }) =>
    new Promise<string>((answer) => {
      questions.push({ forceRefresh, answer })
    })
  return { questions, credentials: new CallCredentials(bearerCarrier, provide) }
}

const bearer = (token: string) => [['authorization', `Bearer ${token}`]]

describe('the credential of a call', () => {
  test('is asked for once by calls at the same time, and anew for the next', async () => {
    const { questions, credentials } = providerByHand()
    const calls = [credentials.current(), credentials.current(), credentials.current()]
    questions[0]?.answer('one')
    for (const held of await Promise.all(calls)) expect(held.headers).toEqual(bearer('one'))
    expect(questions).toHaveLength(1)
    const next = credentials.current()
    questions[1]?.answer('two')
    expect(await next).toEqual({ generation: 2, headers: bearer('two') })
  })

  test('is renewed once for calls that were refused together', async () => {
    const { questions, credentials } = providerByHand()
    const first = credentials.current()
    questions[0]?.answer('old')
    const held = await first
    const renewals = [credentials.renew(held), credentials.renew(held), credentials.current()]
    questions[1]?.answer('new')
    for (const renewed of await Promise.all(renewals)) expect(renewed.headers).toEqual(bearer('new'))
    expect(questions.map(({ forceRefresh }) => forceRefresh)).toEqual([false, true])
  })

  test('is not renewed again for a late refusal of an older one', async () => {
    const { questions, credentials } = providerByHand()
    const first = credentials.current()
    questions[0]?.answer('old')
    const held = await first
    const renewal = credentials.renew(held)
    questions[1]?.answer('new')
    const renewed = await renewal
    const late = credentials.renew(held)
    expect(questions).toHaveLength(2)
    expect(await late).toEqual(renewed)
  })

  test('is not replaced by an older answer that arrives late', async () => {
    const { questions, credentials } = providerByHand()
    const first = credentials.current()
    questions[0]?.answer('refused')
    const held = await first
    const slow = credentials.current()
    const renewal = credentials.renew(held)
    questions[2]?.answer('new')
    await renewal
    questions[1]?.answer('refused')
    expect((await slow).headers).toEqual(bearer('new'))
  })

  test('stays of the same generation when nothing newer is to be had', async () => {
    const credentials = new CallCredentials(bearerCarrier, () => 'static')
    const held = await credentials.current()
    expect(await credentials.renew(held)).toEqual(held)
  })

  test('is asked for again after a provider that failed, whose error is the cause', async () => {
    const cause = new Error('no network')
    const provide = vi.fn().mockRejectedValueOnce(cause).mockResolvedValueOnce('later')
    const credentials = new CallCredentials(bearerCarrier, provide)
    await expect(credentials.current()).rejects.toMatchObject({ kind: 'unauthenticated', dispatched: false, cause })
    expect((await credentials.current()).headers).toEqual(bearer('later'))
  })
})

test.each([
  ['a line break', bearerCarrier, 'secret\r\nx-injected: yes'],
  ['a space', bearerCarrier, 'secret secret'],
  ['other letters', bearerCarrier, 'secrét'],
  ['nothing', bearerCarrier, ''],
  ['a number', bearerCarrier, 5],
  ['the end of a cookie', edgeCarrier, 'secret;path=/'],
  ['a comma', edgeCarrier, 'secret,secret'],
  ['a quote', edgeCarrier, 'secret"'],
])('a token of %s is refused without being shown', async (_, carrier, token) => {
  const credentials = new CallCredentials(carrier, () => token as string)
  const error = await credentials.current().catch((reason: unknown) => reason)
  expect(error).toMatchObject({ kind: 'unauthenticated' })
  expect(String(error)).not.toContain('secr')
})

test('a token of an edge travels in the header of the edge and its cookie', async () => {
  const credentials = new CallCredentials(edgeCarrier, () => 'ey.J0-_~.x')
  expect((await credentials.current()).headers).toEqual([
    ['cf-access-jwt-assertion', 'ey.J0-_~.x'],
    ['cookie', 'CF_Authorization=ey.J0-_~.x'],
  ])
})
