import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Metadata, status } from '@grpc/grpc-js'
import { ProviderCredentialRefreshStrategy } from '@openshell-ts/protocol/v0-0'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { CallTrace, formatTrace } from '../src/index.js'
import { EitherLineClient, type Fields } from './either-line-client.js'
import { LaterSetup, scope } from './later-setup.js'
import { DriverRefusal } from './scripted-driver.js'
import { execResult, Setup } from './test-client.js'
import { tokenEndpoint } from './token-endpoint.js'

// One for each way into the gateway, so that a leak says where it came in.
const secret = (name: string) => `s3cr3t-${name}`
const planted = /s3cr3t-[a-z-]+/g

/** Every text that the gateway has shown to anybody but the caller, by where. */
class Emitted {
  readonly #texts: [place: string, text: string][] = []

  add(place: string, text: string): void {
    this.#texts.push([place, text])
  }

  /** The secrets among it. */
  leaks(): string[] {
    return [
      ...new Set(
        this.#texts.flatMap(([place, text]) => (text.match(planted) ?? []).map((leak) => `${place}: ${leak}`)),
      ),
    ]
  }
}

/** All files below a folder. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

describe.each(['0.0', '0.1'] as const)('on line %s', (line) => {
  test('no secret of a provider, and no token, is shown or written where others can read it', async () => {
    const stateDirectory = await mkdtemp(join(tmpdir(), 'gw-secrets-'))
    const emitted = new Emitted()
    const trace = new CallTrace()
    trace.listen((entry) => {
      emitted.add('trace', JSON.stringify(entry))
      emitted.add('trace line', formatTrace(entry))
    })
    const logger = pino({ level: 'trace' }, { write: (text: string) => emitted.add('log', text) })
    const options = { stateDirectory, trace, logger, statusPort: 0 }
    await using endpoint = await tokenEndpoint(() => [
      401,
      { error: 'invalid_client', error_description: secret('endpoint') },
    ])
    {
      await using setup = line === '0.0' ? await Setup.start(options) : await LaterSetup.start(options)
      const client = new EitherLineClient(setup.client)
      const inWorkspace = line === '0.0' ? {} : { workspaceScope: scope }
      const { metadata } = await setup.create({ name: 'box' })
      const id = metadata?.id ?? ''
      const asSupervisor = new Metadata()
      asSupervisor.set('authorization', `Bearer ${setup.token(id)}`)
      const attempt = (rpc: Parameters<EitherLineClient['unary']>[0], fields: Fields) =>
        client.unary(rpc, { ...inWorkspace, ...fields }).catch((error: Error) => {
          emitted.add(`refusal of ${rpc}`, error.message)
        })
      const provider = (credentials: object, more: object = {}) => ({
        provider: { metadata: { name: 'keys' }, type: 'generic', credentials, ...more },
      })
      await attempt('createProvider', provider({ 'no key': secret('bad-key') }))
      await attempt('createProvider', provider({ KEY: secret('too-long').repeat(9_000) }))
      await attempt('createProvider', provider({ KEY: secret('created') }))
      await attempt('createProvider', provider({ KEY: secret('twice') }))
      await attempt('updateProvider', provider({ KEY: secret('updated') }))
      await attempt('updateProvider', {
        provider: { metadata: { name: 'nobody' }, credentials: { KEY: secret('nobody') } },
      })
      const refresh = {
        provider: 'keys',
        credentialKey: 'KEY',
        strategy: ProviderCredentialRefreshStrategy.OAUTH2_CLIENT_CREDENTIALS,
        material: { token_url: endpoint.url, client_id: 'me', client_secret: secret('material') },
      }
      await attempt('configureProviderRefresh', { ...refresh, credentialKey: '' })
      await attempt('configureProviderRefresh', { ...refresh, strategy: 99 })
      await attempt('configureProviderRefresh', refresh)
      await attempt('rotateProviderCredential', { provider: 'keys', credentialKey: 'KEY' })
      await attempt('getProviderRefreshStatus', { provider: 'keys' })
      await attempt('getProvider', { name: 'keys' })
      await attempt('listProviders', {})
      await attempt(
        'attachSandboxProvider',
        line === '0.0' ? { sandboxName: 'box', providerName: 'keys' } : { sandbox: 'box', provider: 'keys' },
      )
      setup.driver.replies.validateSandboxCreate = ({ request }) => {
        throw new DriverRefusal(status.INVALID_ARGUMENT, `bad: ${request.sandbox?.name}`)
      }
      await attempt('createSandbox', {
        name: 'two',
        spec: { providers: ['keys'], environment: { API_KEY: secret('environment') } },
      })
      await using supervisor =
        setup instanceof LaterSetup
          ? await setup.supervise(await setup.get())
          : await setup.supervise(await setup.get())
      const run = {
        ...(line === '0.0' ? { sandboxId: id } : { sandbox: 'box' }),
        ...inWorkspace,
        command: ['curl', '-H', `Authorization: ${secret('updated')}`],
        environment: { KEY: secret('updated') },
        stdin: new TextEncoder().encode(secret('updated')),
      }
      await execResult(client.serverStream('execSandbox', run))
      await execResult(client.serverStream('execSandbox', { ...run, workdir: `${secret('updated')}\n` })).catch(
        () => undefined,
      )
      const own = { metadata: asSupervisor }
      for (const sandboxId of [id, 'other']) {
        await supervisor.client
          .unary('getSandboxProviderEnvironment', { sandboxId }, own)
          .catch((error: Error) => emitted.add('refusal of a supervisor', error.message))
      }
      await supervisor.client.unary('refreshSandboxToken', {}, own)
      const page = `http://127.0.0.1:${setup.gateway.statusPort}`
      for (const path of ['/', '/status.json']) emitted.add('status page', await (await fetch(page + path)).text())
      for (const path of await filesIn(stateDirectory)) {
        const { mode } = await stat(path)
        if ((mode & 0o077) !== 0)
          emitted.add(`file ${path.slice(stateDirectory.length)}`, await readFile(path, 'latin1'))
      }
      client.close()
    }
    await rm(stateDirectory, { recursive: true })
    expect(emitted.leaks()).toEqual([])
  })
})
