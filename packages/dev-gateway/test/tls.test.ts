import { X509Certificate } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChannelCredentials, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../src/clock/gateway-clock.js'
import { type DevGateway, type DevGatewayClientTls, type DevGatewayOptions, startDevGateway } from '../src/index.js'
import type { CertificateBundle } from '../src/tls/certificate-bundle.js'
import { generateCertificates } from '../src/tls/generate-certificates.js'
import { ScriptedDriver } from './scripted-driver.js'
import { failure } from './test-client.js'

let driver: ScriptedDriver
let folder = ''
beforeAll(async () => {
  driver = await ScriptedDriver.start()
  folder = await mkdtemp(join(tmpdir(), 'gw-tls-'))
})
afterAll(async () => {
  await driver[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const start = (options: Partial<DevGatewayOptions>) =>
  startDevGateway({ drivers: [{ name: 'acme', socketPath: driver.socketPath }], ...options })

function clientOf({ port }: DevGateway, channel: ChannelCredentials, host = '127.0.0.1') {
  return new GrpcServiceClient(OpenShell, `${host}:${port}`, channel, { 'grpc.use_local_subchannel_pool': 1 })
}

const mutual = ({ ca, cert, key }: DevGatewayClientTls) =>
  credentials.createSsl(Buffer.from(ca), Buffer.from(key), Buffer.from(cert))
const serverOnly = ({ ca }: Pick<DevGatewayClientTls, 'ca'>) => credentials.createSsl(Buffer.from(ca))

function tlsOf({ tls }: DevGateway): DevGatewayClientTls {
  if (!tls) throw new Error('The gateway has made no certificates.')
  return tls
}

/** Who the gateway takes this client for. */
async function whoIs(gateway: DevGateway, channel: ChannelCredentials, token?: string): Promise<string> {
  const client = clientOf(gateway, channel)
  const metadata = new Metadata()
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`)
  try {
    return (await client.unary('getCurrentUser', {}, { metadata })).subject
  } finally {
    client.close()
  }
}

describe('generated certificates', () => {
  test('serve loopback by each of its names, and their client is a user', async () => {
    await using gateway = await start({ tls: 'generate' })
    expect(gateway.endpoint).toBe(`https://127.0.0.1:${gateway.port}`)
    expect(gateway.tlsDirectory).toBeUndefined()
    expect(await whoIs(gateway, mutual(tlsOf(gateway)))).toBe('openshell-client')
    const client = clientOf(gateway, mutual(tlsOf(gateway)), 'localhost')
    expect(await client.unary('getGatewayInfo', {})).toMatchObject({ gatewayVersion: '0.0.111' })
    const session = await client.unary('createSandbox', { name: 'box', spec: {} })
    expect(session.sandbox?.metadata?.name).toBe('box')
    client.close()
  })

  test.each([
    ['no client certificate', ({ ca }: DevGatewayClientTls) => serverOnly({ ca })],
    [
      'another authority’s client certificate',
      async ({ ca }: DevGatewayClientTls) => mutual({ ...(await others()), ca }),
    ],
    ['another authority trusted', async (own: DevGatewayClientTls) => mutual({ ...own, ca: (await others()).ca })],
    [
      'no TLS',
      () => credentials.createInsecure(),
      'This port speaks TLS: write https:// in place of http:// in its URL.',
    ],
  ])('end the connection of a client with %s', async (_name, channel, details = '') => {
    await using gateway = await start({ tls: 'generate' })
    const error: ServiceError = await failure(whoIs(gateway, await channel(tlsOf(gateway))))
    expect(error).toMatchObject({ code: status.UNAVAILABLE, details: expect.stringContaining(details) })
    expect(await whoIs(gateway, mutual(tlsOf(gateway)))).toBe('openshell-client')
  })

  test('ask no client for one when told so', async () => {
    await using gateway = await start({ tls: { clientCertificates: 'none' } })
    expect(await whoIs(gateway, serverOnly(tlsOf(gateway)))).toBe('unauthenticated-local-dev')
  })

  test('make no users beside those with tokens', async () => {
    const users = [{ token: 'for-ann', subject: 'ann' }]
    await using gateway = await start({ tls: 'generate', auth: { users } })
    const channel = mutual(tlsOf(gateway))
    expect(await whoIs(gateway, channel, 'for-ann')).toBe('ann')
    expect(await failure(whoIs(gateway, channel))).toMatchObject({
      code: status.UNAUTHENTICATED,
      details: 'missing authorization header',
    })
  })

  test('are good for loopback and their purpose, and for nothing else', async () => {
    const bundle = await generateCertificates(Date.now())
    const [ca, server, client] = [bundle.ca, bundle.server.cert, bundle.client.cert].map(
      (pem) => new X509Certificate(pem),
    )
    for (const certificate of [server, client]) {
      expect(certificate?.ca).toBe(false)
      expect(ca && certificate?.checkIssued(ca)).toBe(true)
    }
    expect(ca?.ca).toBe(true)
    expect(server?.subjectAltName?.split(', ')).toEqual([
      'DNS:localhost',
      'IP Address:127.0.0.1',
      'IP Address:0:0:0:0:0:0:0:1',
      'DNS:*.openshell.localhost',
    ])
    expect(client?.subjectAltName).toBeUndefined()
    // Purposes of the X.509 extension: a server may not pose as a client, nor the other way round.
    expect([server?.keyUsage, client?.keyUsage]).toEqual([['1.3.6.1.5.5.7.3.1'], ['1.3.6.1.5.5.7.3.2']])
  })
})

describe('kept certificates', () => {
  const directory = () => join(folder, 'kept')

  test('have the layout of the CLI, and keys for their owner only', async () => {
    await using gateway = await start({ tls: { directory: directory() } })
    expect(gateway.tlsDirectory).toBe(join(directory(), 'client'))
    const bundle = join(directory(), 'client')
    expect((await readdir(bundle)).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key'])
    expect(await readFile(join(bundle, 'tls.crt'), 'utf8')).toBe(gateway.tls?.cert)
    for (const key of ['client/tls.key', 'server/tls.key']) {
      expect((await stat(join(directory(), key))).mode & 0o777).toBe(0o600)
    }
    expect((await stat(bundle)).mode & 0o777).toBe(0o700)
  })

  test('are used again while they last', async () => {
    const now = Date.now()
    const certificateAt = async (nowMs: number) => {
      const clock = { ...systemClock, now: () => nowMs }
      await using gateway = await start({ stateDirectory: join(folder, 'state'), tls: 'generate', clock })
      return gateway.tls?.cert
    }
    const first = await certificateAt(now)
    expect(await certificateAt(now + 300 * 86_400_000)).toBe(first)
    expect(await certificateAt(now + 365 * 86_400_000)).not.toBe(first)
  })

  test('are made anew when a file of them is damaged', async () => {
    const damaged = join(folder, 'damaged')
    const { tls } = await closed(start({ tls: { directory: damaged } }))
    await writeFile(join(damaged, 'server', 'tls.key'), 'no key')
    const { logger, logged } = collectedLog()
    const { tls: next } = await closed(start({ tls: { directory: damaged }, logger }))
    expect(next?.ca).not.toBe(tls?.ca)
    expect(new X509Certificate(next?.cert ?? '').subject).toBe('CN=openshell-client')
    expect(logged).toEqual([expect.stringContaining(`clients that have copies need those of ${damaged}/client again.`)])
  })

  test('that are not good for all names go on, and what to do is said', async () => {
    const directory = join(folder, 'lacking')
    const { tls } = await closed(start({ tls: { directory } }))
    // Signed by the same authority, and for none of the gateway's names.
    for (const file of ['tls.crt', 'tls.key'])
      await cp(join(directory, 'client', file), join(directory, 'server', file))
    const { logger, logged } = collectedLog()
    expect((await closed(start({ tls: { directory }, logger }))).tls).toEqual(tls)
    expect(logged).toEqual([
      `The certificate ${directory}/server/tls.crt is not good for localhost, 127.0.0.1, ::1, *.openshell.localhost; exposed ` +
        `services have URLs below openshell.localhost. Remove ${directory} to have new ones made at the next start; clients ` +
        `that have copies need those of ${directory}/client again then.`,
    ])
  })
})

test('a folder of certificates that cannot be read is named, with what to do', async () => {
  const file = join(folder, 'no-folder')
  await writeFile(file, '')
  await expect(start({ tls: { directory: file } })).rejects.toMatchObject({
    kind: 'configuration',
    message: `The folder ${file} of certificates cannot be used: ${join(file, 'ca.crt')} cannot be read (ENOTDIR). Name another folder.`,
  })
})

describe('certificates from elsewhere', () => {
  test('serve, and ask clients for one when there is an authority for it', async () => {
    const { ca, server, client } = await generateCertificates(Date.now())
    await using open = await start({ tls: { certificate: server.cert, key: Buffer.from(server.key) } })
    expect(open.tls).toBeUndefined()
    expect(await whoIs(open, serverOnly({ ca }))).toBe('unauthenticated-local-dev')
    await using strict = await start({ tls: { certificate: server.cert, key: server.key, clientCa: ca } })
    expect(await whoIs(strict, mutual({ ca, ...client }))).toBe('openshell-client')
    expect((await failure(whoIs(strict, serverOnly({ ca })))).code).toBe(status.UNAVAILABLE)
  })

  test.each([
    [
      'without their key',
      /^The certificate and the key of tls are no matching/,
      (own: CertificateBundle) => own.client.key,
      '',
    ],
    [
      'with an authority that is none',
      /^The clientCa of tls is no certificate/,
      (own: CertificateBundle) => own.server.key,
      'x',
    ],
  ])('are refused %s, and nothing of them is shown', async (_name, text, keyOf, clientCa) => {
    const own = await generateCertificates(Date.now())
    const given = { certificate: own.server.cert, key: keyOf(own), ...(clientCa !== '' && { clientCa }) }
    const error = await failure(start({ tls: given }))
    expect(error).toMatchObject({
      name: 'GatewayStartError',
      kind: 'configuration',
      message: expect.stringMatching(text),
    })
    expect(error.message).not.toContain('BEGIN')
  })
})

function collectedLog() {
  const logged: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => logged.push(JSON.parse(line).msg) })
  return { logged, logger }
}

async function closed(starting: Promise<DevGateway>): Promise<DevGateway> {
  const gateway = await starting
  await gateway.close()
  return gateway
}

async function others(): Promise<DevGatewayClientTls> {
  const { ca, client } = await generateCertificates(Date.now())
  return { ca, ...client }
}
