import { expectTypeOf, test } from 'vitest'
import type {
  CommandEvent,
  CommandResult,
  ConfigIssue,
  DeleteResult,
  DriverConfigBlock,
  DriverConfigChecker,
  DriverConfigEnvelope,
  ErrorKind,
  NetworkEndpoint,
  OpenShellClient,
  Pager,
  PolicyChange,
  ProviderInfo,
  ProviderReadiness,
  Sandbox,
  SandboxCreateOptions,
  SandboxInfo,
  SandboxTemplate,
  SandboxWarning,
  WatchEvent,
  WorkloadTemplateInfo,
  WorkspaceInfo,
} from './index.js'
import { openRaw } from './raw.js'
import { parseSandboxTemplate } from './template-file.js'

declare const client: OpenShellClient
declare const sandbox: Sandbox
declare const block: DriverConfigBlock

test('a create takes a template with a name, plain blocks and built ones', () => {
  const template = parseSandboxTemplate('', { fileName: 'a.yaml' })
  expectTypeOf(template).toEqualTypeOf<SandboxTemplate>()
  expectTypeOf(client.sandboxes.create({ ...template, name: 'box' })).resolves.toEqualTypeOf<Sandbox>()
  void client.sandboxes.create({ driverConfig: { acme: { size: 1, list: [null] }, beta: block } })
  void client.sandboxes.create({ gpu: true })
  void client.sandboxes.create({ gpu: { count: 2 } })
  // @ts-expect-error false would be read as a request for a GPU; leave gpu out
  void client.sandboxes.create({ gpu: false })
  // @ts-expect-error the wire's name of the key is not the type's
  void client.sandboxes.create({ driver_config: {} })
  // @ts-expect-error environment values are texts
  void client.sandboxes.create({ environment: { PORT: 80 } })
  // @ts-expect-error a date is not JSON
  void client.sandboxes.create({ driverConfig: { acme: { at: new Date() } } })
})

test('what is said about driver configs has types with names', () => {
  expectTypeOf<NonNullable<SandboxTemplate['driverConfig']>>().toEqualTypeOf<DriverConfigEnvelope>()
  expectTypeOf<NonNullable<SandboxCreateOptions['checkers']>>().toEqualTypeOf<readonly DriverConfigChecker[]>()
  expectTypeOf<Extract<SandboxWarning, { type: 'block-issue' }>['issue']>().toEqualTypeOf<ConfigIssue>()
})

test('connecting knows the lines that this release speaks', () => {
  expectTypeOf<NonNullable<Parameters<typeof OpenShellClient.connect>[0]['wireLine']>>().toEqualTypeOf<'0.0' | '0.1'>()
})

test('absence is undefined, bytes are Uint8Array', () => {
  expectTypeOf(client.sandboxes.tryGet('box')).resolves.toEqualTypeOf<Sandbox | undefined>()
  expectTypeOf(client.sandboxes.list()).toEqualTypeOf<Pager<SandboxInfo>>()
  expectTypeOf(sandbox.commands.run('true')).resolves.toEqualTypeOf<CommandResult>()
  expectTypeOf<CommandResult['stdout']>().toEqualTypeOf<Uint8Array>()
  expectTypeOf<SandboxInfo['exitCode']>().toEqualTypeOf<number | undefined>()
})

test('unions are told apart by one tag', () => {
  expectTypeOf<CommandEvent['type']>().toEqualTypeOf<'stdout' | 'stderr' | 'exit'>()
  expectTypeOf<WatchEvent['type']>().toEqualTypeOf<
    'status' | 'log' | 'platform-event' | 'gap' | 'disconnected' | 'reconnected' | 'deleted'
  >()
  expectTypeOf<SandboxWarning['type']>().toEqualTypeOf<'no-matching-block' | 'block-issue' | 'block-advice'>()
  expectTypeOf<DeleteResult['outcome']>().toEqualTypeOf<'completed' | 'accepted' | 'absent' | 'unknown'>()
  expectTypeOf<'driver-config-rejected'>().toExtend<ErrorKind>()
  // @ts-expect-error the set of kinds is closed
  expectTypeOf<'oops'>().toExtend<ErrorKind>()
})

test('a command takes a list or a text, and no unknown option', () => {
  void sandbox.commands.run(['make'], { cwd: '/src', timeoutMs: 30_000 })
  // What a listener returns is awaited, and may be anything.
  void sandbox.commands.run(['make'], { onStdout: (chunk) => process.stdout.write(chunk) })
  void sandbox.waitReady({ onProgress: ({ phase }) => new Set<string>().add(phase) })
  // @ts-expect-error seconds are not an option
  void sandbox.commands.run(['make'], { timeoutSeconds: 30 })
})

test('what belongs to a workspace is on the client, on a workspace and on a sandbox', () => {
  const { templates, providers } = client.workspace('team-a')
  expectTypeOf(client.templates).toEqualTypeOf(templates)
  expectTypeOf(client.providers).toEqualTypeOf(providers)
  expectTypeOf(client.workspaces.tryGet('a')).resolves.toEqualTypeOf<WorkspaceInfo | undefined>()
  expectTypeOf(client.templates.list()).toEqualTypeOf<Pager<WorkloadTemplateInfo>>()
  expectTypeOf(client.policies.of('box')).toEqualTypeOf(sandbox.policy)
  expectTypeOf(client.services.of('box')).toEqualTypeOf(sandbox.services)
  // @ts-expect-error workspaces are the gateway's, not a workspace's
  void client.workspace('team-a').workspaces
  // @ts-expect-error stored templates and settings of all workspaces are for administrators
  void client.settings
})

test('a derived client is a client, with limits and headers alone of its own', () => {
  const derived = client.with({
    signal: new AbortController().signal,
    requestTimeoutMs: 0,
    headers: { traceparent: '00' },
  })
  expectTypeOf(derived).toEqualTypeOf(client)
  expectTypeOf(derived.workspace('team-a').sandboxes).toEqualTypeOf(client.sandboxes)
  // @ts-expect-error who the client says that it is belongs to the connection
  void client.with({ auth: { type: 'none' } })
  // @ts-expect-error a header is a text
  void client.with({ headers: { attempt: 1 } })
})

test('credentials go in as texts and do not come back', () => {
  void client.providers.create('keys', { type: 'x', credentials: { TOKEN: 'secret' } })
  expectTypeOf<ProviderInfo>().not.toHaveProperty('credentials')
  expectTypeOf<ProviderInfo['credentialNames']>().toEqualTypeOf<readonly string[]>()
  // @ts-expect-error a credential is a text
  void client.providers.create('keys', { type: 'x', credentials: { TOKEN: undefined } })
  // @ts-expect-error the type of a provider cannot be changed
  void client.providers.update('keys', { type: 'y' })
  // @ts-expect-error a provider has a type
  void client.providers.create('keys', { credentials: {} })
})

test('closed sets keep what they do not know, and are not open for writing', () => {
  expectTypeOf<'unrecognized'>().toExtend<WorkspaceInfo['phase']>()
  expectTypeOf<'unrecognized'>().toExtend<ProviderReadiness['state']>()
  expectTypeOf<'read-only'>().toExtend<NonNullable<NetworkEndpoint['access']>>()
  void client.workspaces.members('a').add('anna', 'admin')
  // @ts-expect-error there is no such role
  void client.workspaces.members('a').add('anna', 'owner')
  // @ts-expect-error an unknown strategy cannot be asked for
  void client.providers.refresh.configure('a', 'B', { strategy: 'unrecognized' })
  // @ts-expect-error a change names what it changes
  expectTypeOf<{ type: 'remove-rule' }>().toExtend<PolicyChange>()
  // @ts-expect-error a replacement of a profile names what it is based on
  void client.profiles.update('acme', { profile: { id: 'acme' } })
})

test('revisions are texts, times are dates, and generated messages are behind the raw door', () => {
  expectTypeOf<WorkspaceInfo['resourceVersion']>().toEqualTypeOf<string>()
  expectTypeOf<WorkspaceInfo['createdAt']>().toEqualTypeOf<Date>()
  expectTypeOf(client.raw.transport).toEqualTypeOf<object>()
  expectTypeOf(openRaw(client)).resolves.toHaveProperty('openShell')
  // @ts-expect-error the two lines are told apart first
  void openRaw(client).then((raw) => raw.inference)
})
