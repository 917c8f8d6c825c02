import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { startScriptedGateway } from './scripted-gateway.js'

const pem = (name: string) => readFile(new URL(`data/tls/${name}`, import.meta.url))
const [ca, serverCert, serverKey, clientCert, clientKey] = await Promise.all(
  ['ca.crt', 'server.crt', 'server.key', 'client.crt', 'client.key'].map(pem),
)
if (!ca || !serverCert || !serverKey || !clientCert || !clientKey) throw new Error('A certificate is missing.')
const server = { ca, cert: serverCert, key: serverKey }

describe('an https endpoint', () => {
  test('works with the authority as text or bytes', async () => {
    await using gateway = await startScriptedGateway({ tls: server })
    for (const authority of [ca, ca.toString()]) {
      await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, tls: { ca: authority } })
      expect((await client.health()).version).toBe('0.0.111')
    }
  })

  test('is refused when its authority is not trusted', async () => {
    await using gateway = await startScriptedGateway({ tls: server })
    expect(await failureOf(OpenShellClient.connect({ endpoint: gateway.endpoint }))).toMatchObject({
      kind: 'tls',
      retryable: false,
      attempts: 1,
    })
  })

  test('is refused when the certificate is for another name', async () => {
    await using gateway = await startScriptedGateway({ tls: server })
    const endpoint = gateway.endpoint.replace('127.0.0.1', 'localhost')
    const error = await failureOf(OpenShellClient.connect({ endpoint, tls: { ca } }))
    expect(error).toMatchObject({ kind: 'tls' })
    expect(error.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('takes the client certificate that it demands, and is refused without one', async () => {
    await using gateway = await startScriptedGateway({ tls: { ...server, demandClient: true } })
    const tls = { ca, cert: clientCert, key: clientKey }
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, tls })
    expect((await client.health()).status).toBe('healthy')
    expect(await failureOf(OpenShellClient.connect({ endpoint: gateway.endpoint, tls: { ca } }))).toMatchObject({
      kind: 'tls',
    })
  })

  test('needs the key with the certificate, and says so before it connects', async () => {
    expect(
      await failureOf(OpenShellClient.connect({ endpoint: 'https://127.0.0.1:1', tls: { cert: clientCert } })),
    ).toMatchObject({ kind: 'configuration', attempts: 0 })
  })

  test('reports a certificate that cannot be read as a problem of TLS', async () => {
    const tls = { cert: 'no certificate', key: 'no key' }
    expect(await failureOf(OpenShellClient.connect({ endpoint: 'https://127.0.0.1:1', tls }))).toMatchObject({
      kind: 'tls',
    })
  })
})
