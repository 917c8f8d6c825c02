import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { type DevGatewayOptions, startDevGateway } from '@openshell-ts/dev-gateway'
import { describe, expect, test } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { type ConfigFolder, createConfigFolder } from './config-folder.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { startScriptedIssuer } from './scripted-issuer.js'

const ann = { token: 'for-ann', subject: 'ann', roles: ['openshell-user', 'openshell-admin'] }

/** A gateway with TLS, and its entry in the folder of the command line tool. */
async function startSecured(folder: ConfigFolder, options: DevGatewayOptions, metadata: object = {}) {
  const directory = join(folder.user, 'tls')
  const gateway = await startDevGateway({ tls: { directory }, ...options })
  await folder.write('gateways/dev/metadata.json', { gateway_endpoint: gateway.endpoint, ...metadata })
  await cp(join(directory, 'client'), join(folder.user, 'gateways/dev/mtls'), { recursive: true })
  await folder.write('active_gateway', 'dev\n')
  return gateway
}

describe.each(LINES)('a gateway of line %s', (line) => {
  test('lets the certificate of its login in, which it takes for a user', async () => {
    await using folder = await createConfigFolder()
    await using gateway = await startSecured(folder, { line })
    const { environment } = folder
    await using client = await OpenShellClient.fromGateway(undefined, { environment, workspace: WORKSPACE })
    expect(await client.whoami()).toMatchObject({ subject: 'openshell-client' })
    const variables = { ...environment, OPENSHELL_GATEWAY_ENDPOINT: `${gateway.endpoint}/` }
    await using same = await OpenShellClient.fromEnv({ environment: variables, workspace: WORKSPACE })
    expect(await same.whoami()).toMatchObject({ subject: 'openshell-client' })
    const bare = { XDG_CONFIG_HOME: folder.system, OPENSHELL_GATEWAY_ENDPOINT: gateway.endpoint }
    expect(await failureOf(OpenShellClient.fromEnv({ environment: bare }))).toMatchObject({ kind: 'tls' })
  })

  test('gets the token of a login, renewed when it refuses the one that was stored', async () => {
    await using folder = await createConfigFolder()
    await using issuer = await startScriptedIssuer({
      token: () => ({ body: { access_token: 'for-ann', token_type: 'Bearer', expires_in: 3600 } }),
    })
    await using _ = await startSecured(folder, { line, auth: { users: [ann] } }, { auth_mode: 'oidc' })
    const token = { access_token: 'revoked', issuer: issuer.url, client_id: 'cli', refresh_token: 'r' }
    await folder.write('gateways/dev/oidc_token.json', token)
    const { environment } = folder
    await using client = await OpenShellClient.fromGateway('dev', { environment, workspace: WORKSPACE })
    const users = await Promise.all([client.whoami(), client.whoami(), client.gatewayInfo()])
    expect(users[0]).toMatchObject({ subject: 'ann' })
    expect(issuer.requests).toHaveLength(1)
  })

  test('tells a token that it does not know from one that may not do this', async () => {
    await using gateway = await startDevGateway({
      line,
      auth: { users: [ann, { token: 'for-bob', subject: 'bob', scopes: [] }] },
    })
    let token = 'for-nobody'
    const auth = { type: 'bearer', getToken: () => token } as const
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE, auth })
    expect(await failureOf(client.whoami())).toMatchObject({ kind: 'unauthenticated', dispatched: false })
    token = 'for-bob'
    expect(await client.whoami()).toMatchObject({ subject: 'bob' })
    expect(await failureOf(client.gatewayInfo())).toMatchObject({ kind: 'permission-denied' })
    token = 'for-ann'
    expect(await client.gatewayInfo()).toMatchObject({ version: expect.stringContaining(line) })
  })
})
