import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type ContainerLaunch,
  defineDriver,
  type LaunchContext,
  type ProcessLaunch,
  type Sandbox,
  supervisorLaunch,
  writeSupervisorFiles,
} from '../src/index.js'
import { memoryBackend, memoryHandlers } from './memory-driver.js'
import { sandboxMessage, serveInTest } from './serve-in-test.js'

/** Not JSON, so that reading it would fail; and not text, so that copying it as text would change it. */
const material = new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x00, 0x0a])

const lines = [
  { line: '0.0', launchAuthentication: undefined },
  { line: '0.1', launchAuthentication: material },
] as const

/** Creates a sandbox with a token, as a gateway of a line does, and launches it in the driver's handler. */
async function launchOn<Launch>(
  { launchAuthentication }: (typeof lines)[number],
  launch: (sandbox: Sandbox, context: Pick<LaunchContext<unknown, unknown>, 'launchAuthentication'>) => Promise<Launch>,
) {
  const launched: { sandbox: Sandbox; launch: Launch }[] = []
  const driver = defineDriver({
    ...memoryHandlers(memoryBackend()),
    name: 'acme',
    version: '1.0.0',
    async create(sandbox, context) {
      launched.push({ sandbox, launch: await launch(sandbox, context) })
    },
  })
  const served = await serveInTest(driver)
  const sandbox = sandboxMessage('one', {
    template: { image: 'python:3.12', labels: { team: 'a', 'openshell.ai/managed-by': 'me' } },
    spec: {
      sandboxToken: 'token-1',
      command: ['sleep', '60'],
      environment: { KEY: 'v', OPENSHELL_SANDBOX_TOKEN: 'forged' },
      ...(launchAuthentication === undefined ? {} : { launchAuthentication }),
    },
  })
  await served.client.unary('createSandbox', { sandbox })
  const [first] = launched
  if (first === undefined) throw new Error('The driver was not asked to create the sandbox.')
  return { served, ...first }
}

const modeOf = async (path: string) => ((await lstat(path)).mode & 0o777).toString(8)

function refuseSecrets({ environment, argv }: ContainerLaunch | ProcessLaunch): void {
  expect(JSON.stringify({ environment, argv })).not.toMatch(/token-1|forged/)
}

test.each(lines)('a container gets mounted files on line $line', async (line) => {
  const { served, sandbox, launch } = await launchOn(line, (asked, { launchAuthentication }) =>
    supervisorLaunch(asked, {
      kind: 'container',
      endpoint: 'https://gateway:8443',
      launchAuthentication,
      gatewayId: 'g-1',
      user: { image: 'app' },
      networkCapabilities: 'policy-dns-transparent-tcp',
      tls: { ca: Buffer.from('ca'), certificate: Buffer.from('certificate'), key: Buffer.from('key') },
    }),
  )
  await using _ = served
  refuseSecrets(launch)
  expect(launch.argv).toEqual(['/opt/openshell/bin/openshell-sandbox', '--workdir', '/sandbox'])
  expect(launch.environment).toEqual({
    HOME: '/root',
    PATH: expect.stringContaining('/usr/bin'),
    TERM: 'xterm',
    OPENSHELL_SANDBOX_ID: 'one',
    OPENSHELL_SANDBOX: sandbox.name,
    OPENSHELL_ENDPOINT: 'https://gateway:8443',
    OPENSHELL_SSH_SOCKET_PATH: '/run/openshell/ssh.sock',
    OPENSHELL_MAIN_PROCESS_SPEC: '{"version":1,"command":["sleep","60"],"tty":true}',
    OPENSHELL_USER_ENVIRONMENT: '{"KEY":"v"}',
    OPENSHELL_TELEMETRY_ENABLED: 'false',
    OPENSHELL_NETWORK_RUNTIME_CAPABILITIES: 'policy-dns-transparent-tcp',
    OPENSHELL_TLS_CA: '/etc/openshell/tls/client/ca.crt',
    OPENSHELL_TLS_CERT: '/etc/openshell/tls/client/tls.crt',
    OPENSHELL_TLS_KEY: '/etc/openshell/tls/client/tls.key',
    OPENSHELL_SANDBOX_TOKEN_FILE: '/etc/openshell/auth/sandbox.jwt',
    OPENSHELL_OCI_IMAGE_USER: 'app',
    OPENSHELL_SANDBOX_UID: '',
    OPENSHELL_SANDBOX_GID: '',
    OPENSHELL_CONTAINER_IMAGE: 'python:3.12',
  })
  expect(launch).toMatchObject({
    workingDirectory: '/',
    uid: 0,
    gid: 0,
    capabilities: ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'SYSLOG'],
    removedVariables: ['OPENSHELL_SANDBOX_TOKEN', 'OPENSHELL_K8S_SA_TOKEN_FILE', 'OPENSHELL_GATEWAY_TLS_SERVER_NAME'],
    reservedPaths: expect.arrayContaining(['/etc/openshell', '/opt/openshell', '/run/openshell']),
    labels: { team: 'a', 'openshell.ai/managed-by': 'openshell', 'openshell.ai/sandbox-id': 'one' },
  })

  const root = join(served.folder, 'root')
  const written = await writeSupervisorFiles(launch.files, { root })
  const found = await Promise.all(
    written.map(async (path) => [path.slice(root.length), await modeOf(path), await readFile(path)]),
  )
  const token = await readFile(sandbox.tokenFile ?? '')
  expect(token.toString()).toContain('token-1')
  expect(found).toEqual([
    ['/etc/openshell/auth/sandbox.jwt', '600', token],
    ...(line.line === '0.1' ? [['/etc/openshell/auth/launch-authentication', '600', Buffer.from(material)]] : []),
    ['/etc/openshell/tls/client/ca.crt', '644', Buffer.from('ca')],
    ['/etc/openshell/tls/client/tls.crt', '644', Buffer.from('certificate')],
    ['/etc/openshell/tls/client/tls.key', '600', Buffer.from('key')],
  ])
  expect(await modeOf(join(root, 'etc'))).toBe('700')
})

test.each(lines)("a process gets paths in the sandbox's own folder on line $line", async (line) => {
  const { served, sandbox, launch } = await launchOn(line, (asked, { launchAuthentication }) =>
    supervisorLaunch(asked, {
      kind: 'process',
      endpoint: 'http://127.0.0.1:17670',
      launchAuthentication,
      program: ['/usr/bin/node', 'supervisor.js'],
      parameters: ['--stop-grace-ms', '5'],
      workspaceRoot: join(asked.directory, 'home'),
      variables: { PATH: '/bin' },
    }),
  )
  await using _ = served
  refuseSecrets(launch)
  const { directory, tokenFile = '' } = sandbox
  const launchPath = join(directory, 'launch-authentication')
  expect(launch).toMatchObject({
    argv: ['/usr/bin/node', 'supervisor.js', '--workdir', join(directory, 'home'), '--stop-grace-ms', '5'],
    workingDirectory: directory,
    reservedPaths: [join(directory, 'ssh.sock'), launchPath, tokenFile],
    environment: { PATH: '/bin', OPENSHELL_SSH_SOCKET_PATH: 'ssh.sock', OPENSHELL_SANDBOX_TOKEN_FILE: tokenFile },
  })
  expect(launch.environment).not.toHaveProperty('OPENSHELL_CONTAINER_IMAGE')
  expect(await modeOf(tokenFile)).toBe('600')
  const written = await writeSupervisorFiles(launch.files, { root: '/' })
  expect(written).toEqual(line.line === '0.1' ? [launchPath] : [])
  for (const path of written) expect([await modeOf(path), await readFile(path)]).toEqual(['600', Buffer.from(material)])
})

test('a file that would lie outside of its root is not written', async () => {
  const files = [{ path: '/../../etc/passwd', mode: 0o600, contents: material }]
  await expect(writeSupervisorFiles(files, { root: '/tmp/never' })).rejects.toThrow('would lie outside of /tmp/never')
})
