import type { Metadata } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import { type ConnectOptions, OpenShellClient } from '../src/index.js'
import type { CallInterceptor } from '../src/transport/call-interceptor.js'
import { failureOf } from './failure-of.js'
import { startScriptedGateway } from './scripted-gateway.js'

/** Connects, which is one call, and gives the headers that arrived. */
async function headersOf(options: Partial<ConnectOptions>): Promise<Metadata> {
  const seen: Metadata[] = []
  const health = (_: unknown, { metadata }: { readonly metadata: Metadata }) => {
    seen.push(metadata)
    return { status: 1, version: '0.1.5' }
  }
  await using gateway = await startScriptedGateway('0.1', { unary: { health } })
  await using _ = await OpenShellClient.connect({ endpoint: gateway.endpoint, ...options })
  if (!seen[0]) throw new Error('No call arrived.')
  return seen[0]
}

describe('interceptors', () => {
  test('run around each attempt in their order, and add headers, but do not replace the credential', async () => {
    const steps: string[] = []
    const around =
      (name: string): CallInterceptor =>
      async ({ rpc, headers }, next) => {
        steps.push(`${name} before ${rpc}`)
        headers.set('traceparent', name)
        headers.set('authorization', 'Bearer another')
        await next()
        steps.push(`${name} after`)
      }
    const headers = await headersOf({
      interceptors: [around('outer'), around('inner')],
      auth: { type: 'bearer', token: 'own' },
      userAgent: 'acme-ci/2.1',
    })
    expect(steps).toEqual(['outer before Health', 'inner before Health', 'inner after', 'outer after'])
    expect(headers.get('traceparent')).toEqual(['inner'])
    expect(headers.get('authorization')).toEqual(['Bearer own'])
    expect(headers.get('user-agent')[0]).toBe('acme-ci/2.1 openshell-ts-sdk')
  })

  test('see the failure of an attempt, which keeps its kind', async () => {
    const failed: unknown[] = []
    const watch: CallInterceptor = (_, next) =>
      next().catch((error: unknown) => {
        failed.push(error)
        throw error
      })
    const retry = { maxAttempts: 2, baseDelayMs: 1 }
    const options = { endpoint: 'http://127.0.0.1:1', interceptors: [watch], retry }
    expect(await failureOf(OpenShellClient.connect(options))).toMatchObject({ kind: 'unavailable', attempts: 2 })
    expect(failed).toHaveLength(2)
  })

  test('that throw fail the call at once, with what they threw as the cause', async () => {
    await using gateway = await startScriptedGateway('0.1')
    const slip = new TypeError('a slip')
    let asked = 0
    const broken: CallInterceptor = async () => {
      asked += 1
      throw slip
    }
    const retry = { maxAttempts: 3, baseDelayMs: 1 }
    const error = await failureOf(
      OpenShellClient.connect({ endpoint: gateway.endpoint, interceptors: [broken], retry }),
    )
    expect(error).toMatchObject({ kind: 'internal', retryable: false, attempts: 1, cause: { cause: slip } })
    // No gateway has answered.
    expect(error.code).toBeUndefined()
    expect(asked).toBe(1)
  })

  test('that swallow an answer are named', async () => {
    await using gateway = await startScriptedGateway('0.1')
    const options = { endpoint: gateway.endpoint, interceptors: [async () => {}] }
    expect(await failureOf(OpenShellClient.connect(options))).toMatchObject({
      kind: 'configuration',
      hint: expect.stringContaining('next()'),
    })
  })

  test('that are none, and names that a header cannot carry, are refused', async () => {
    const options: object = { interceptors: ['trace'], userAgent: 'a\r\nb' }
    const error = await failureOf(OpenShellClient.connect({ endpoint: 'http://127.0.0.1:1', ...options }))
    expect(error.violations.map(({ field }) => field)).toEqual(['interceptors', 'userAgent'])
  })
})
