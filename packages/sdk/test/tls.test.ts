import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { OpenShellClient, type OpenShellError, type TlsOptions } from '../src/index.js'
import { readTlsMaterial } from '../src/transport/tls-material.js'
import { createConfigFolder } from './config-folder.js'
import { failureOf } from './failure-of.js'
import { WORKSPACE } from './line-gateway.js'
import { startScriptedGateway } from './scripted-gateway.js'

const pem = (name: string) => readFile(new URL(`data/tls/${name}`, import.meta.url))
const [ca, serverCert, serverKey, clientCert, clientKey] = await Promise.all(
  ['ca.crt', 'server.crt', 'server.key', 'client.crt', 'client.key'].map(pem),
)
if (!ca || !serverCert || !serverKey || !clientCert || !clientKey) throw new Error('A certificate is missing.')
const server = { ca, cert: serverCert, key: serverKey }
const VALID: Readonly<Record<string, string>> = { server: 'valid-', client: 'valid-', ca: '' }

describe('an https endpoint', () => {
  test('works with the authority as text or bytes', async () => {
    await using gateway = await startScriptedGateway('0.1', { tls: server })
    for (const authority of [ca, ca.toString()]) {
      await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, tls: { ca: authority } })
      expect((await client.health()).version).toBe('0.1.5')
    }
  })

  test('is refused when its authority is not trusted', async () => {
    await using gateway = await startScriptedGateway('0.1', { tls: server })
    expect(await failureOf(OpenShellClient.connect({ endpoint: gateway.endpoint }))).toMatchObject({
      kind: 'tls',
      retryable: false,
      attempts: 1,
    })
  })

  test('is refused when the certificate is for another name', async () => {
    await using gateway = await startScriptedGateway('0.1', { tls: server })
    const endpoint = gateway.endpoint.replace('127.0.0.1', 'localhost')
    const error = await failureOf(OpenShellClient.connect({ endpoint, tls: { ca } }))
    expect(error).toMatchObject({ kind: 'tls' })
    expect(error.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('takes the client certificate that it demands, and is refused without one', async () => {
    await using gateway = await startScriptedGateway('0.1', { tls: { ...server, demandClient: true } })
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

  test('takes paths, and reads the files again for each connection', async () => {
    await using gateway = await startScriptedGateway('0.1', { tls: { ...server, demandClient: true } })
    await using folder = await temporaryFolder()
    const files = {
      ca: join(folder.path, 'ca.crt'),
      cert: join(folder.path, 'tls.crt'),
      key: join(folder.path, 'tls.key'),
    }
    await Promise.all([writeFile(files.ca, ca), writeFile(files.cert, clientCert), writeFile(files.key, clientKey)])
    const retry = { maxAttempts: 1 }
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, tls: files, retry })
    await rm(files.key)
    expect((await client.health()).status).toBe('healthy')
    gateway.dropConnections()
    const kinds = await kindsUntil(client, 'configuration')
    expect(kinds.at(-1)).toMatchObject({ kind: 'configuration', message: expect.stringContaining(files.key) })
    await writeFile(files.key, clientKey)
    expect((await client.health()).status).toBe('healthy')
  })

  test('waits a moment for a file that is being replaced', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'ca.crt')
    // A process that is held up for so long that it misses the moment is not the test's concern: one success is enough.
    for (let tries = 1; ; tries += 1) {
      const reading = readTlsMaterial({ ca: path }).then(
        (material) => material.ca,
        () => undefined,
      )
      // By the time of these answers the first look has found nothing.
      for (let looks = 0; looks < 20; looks += 1) await stat(path).catch(() => undefined)
      writeFileSync(path, ca)
      const found = await reading
      if (tries < 5 && found === undefined) await rm(path)
      else return expect(found).toEqual(ca)
    }
  })

  test('trusts anybody when it is told to, with one warning, and shows its own certificate all the same', async () => {
    await using gateway = await startScriptedGateway('0.1', { tls: { ...server, demandClient: true } })
    const warnings: string[] = []
    const tls = { insecureSkipVerify: true, cert: clientCert, key: clientKey }
    const options = { tls, logger: { warn: (text: string) => warnings.push(text) } }
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, ...options })
    gateway.dropConnections()
    expect((await client.health()).status).toBe('healthy')
    expect(warnings).toEqual([expect.stringContaining(gateway.endpoint)])
  })

  test.each([
    ['the gateway', 'expired', 'server', 'GATEWAY_CERTIFICATE_EXPIRED', 'its certificate has expired'],
    ['the gateway', 'early', 'server', 'GATEWAY_CERTIFICATE_NOT_YET_VALID', 'its certificate is not valid yet'],
    ['the client', 'expired', 'client', 'CLIENT_CERTIFICATE_EXPIRED', 'mtls/tls.crt) has expired: it was valid to Jan'],
    ['the client', 'early', 'client', 'CLIENT_CERTIFICATE_NOT_YET_VALID', 'mtls/tls.crt) is not valid yet: it will be'],
    ['the authority', 'expired', 'ca', 'AUTHORITY_EXPIRED', 'mtls/ca.crt) has expired: it was valid to Jan'],
    ['the authority', 'early', 'ca', 'AUTHORITY_NOT_YET_VALID', 'mtls/ca.crt) is not valid yet: it will be from Jan'],
  ])('is refused with a certificate of %s that is %s', async (_, when, which, reason, says) => {
    const [own, key] = await Promise.all(['ca.crt', 'leaf.key'].map((name) => pem(`validity/${name}`)))
    const [shown, presented, authority] = await Promise.all(
      ['server', 'client', 'ca'].map((each) => pem(`validity/${each === which ? `${when}-` : VALID[each]}${each}.crt`)),
    )
    if (!own || !key || !shown || !presented || !authority) throw new Error('A certificate is missing.')
    await using gateway = await startScriptedGateway('0.1', { tls: { ca: own, cert: shown, key } })
    await using folder = await createConfigFolder()
    const { endpoint } = gateway
    await folder.write('gateways/dev/metadata.json', { gateway_endpoint: endpoint, auth_mode: 'mtls' })
    const put = (name: string, content: Buffer) => folder.write(`gateways/dev/mtls/${name}`, content.toString())
    const [ca, cert] = await Promise.all([put('ca.crt', authority), put('tls.crt', presented), put('tls.key', key)])
    const tls = { ca, cert, key }
    for (const work of [
      OpenShellClient.connect({ endpoint, tls, workspace: WORKSPACE }),
      OpenShellClient.fromGateway('dev', { environment: folder.environment, workspace: WORKSPACE }),
    ]) {
      const error = await failureOf(work)
      expect(error).toMatchObject({ kind: 'tls', reason, retryable: false, dispatched: false })
      expect(error.message).toContain(says)
      expect(error.hint).toContain("machine's clock")
    }
  })

  test('is refused when the server does not agree to speak HTTP/2', async () => {
    const server = createTlsServer({ cert: serverCert, key: serverKey }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const error = await failureOf(OpenShellClient.connect({ endpoint: `https://127.0.0.1:${port}`, tls: { ca } }))
    server.close()
    expect(error).toMatchObject({ kind: 'tls', retryable: false, hint: expect.stringContaining('HTTP/2') })
  })

  test('is refused when the server speaks HTTP/1 only', async () => {
    const web = createServer({ cert: serverCert, key: serverKey }).listen(0, '127.0.0.1')
    await once(web, 'listening')
    const { port } = web.address() as AddressInfo
    const error = await failureOf(OpenShellClient.connect({ endpoint: `https://127.0.0.1:${port}`, tls: { ca } }))
    web.close()
    expect(error).toMatchObject({ kind: 'tls', hint: expect.stringContaining('HTTP/2') })
  })

  test.each<[string, TlsOptions, string]>([
    ['a certificate that is none', { cert: `-----BEGIN CERTIFICATE-----\nx`, key: clientKey }, 'tls'],
    ['a key of another certificate', { cert: clientCert, key: serverKey }, 'tls'],
    ['an authority that is none', { ca: `-----BEGIN CERTIFICATE-----\nx` }, 'tls'],
    ['a path without a file', { ca: '/nowhere/ca.crt' }, 'configuration'],
    ['a path of a folder', { ca: '/' }, 'configuration'],
    ['a key without its header', { cert: clientCert, key: 'MC4CPRIVATE KEY' }, 'configuration'],
    ['an empty text', { ca: '' }, 'configuration'],
    ['an authority where everybody is trusted', { ca, insecureSkipVerify: true }, 'configuration'],
  ])('refuses %s', async (_, tls, kind) => {
    await using gateway = await startScriptedGateway('0.1', { tls: server })
    const error = await failureOf(OpenShellClient.connect({ endpoint: gateway.endpoint, tls }))
    expect(error).toMatchObject({ kind, retryable: false, dispatched: false })
    expect(inspect(error)).not.toContain('PRIVATE KEY')
  })
})

test('certificates for an endpoint without encryption are refused', async () => {
  const tls = { ca, cert: clientCert, key: clientKey }
  const error = await failureOf(OpenShellClient.connect({ endpoint: 'http://127.0.0.1:1', tls }))
  expect(error).toMatchObject({ kind: 'configuration', attempts: 0 })
  expect(error.message).toContain('https')
})

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'sdk-tls-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Calls until the client has noticed the loss of its connection; gives the failures. */
async function kindsUntil(client: OpenShellClient, kind: string): Promise<OpenShellError[]> {
  const failures: OpenShellError[] = []
  while (failures.at(-1)?.kind !== kind) failures.push(await failureOf(client.health()))
  return failures
}
