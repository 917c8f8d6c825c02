import type {
  CommandHandle,
  OpenShellClient,
  Pager,
  PortForward,
  Sandbox,
  SandboxInfo,
  SshSession,
  TerminalHandle,
} from '../src/index.js'

/** Handles that methods give. */
export interface Handles {
  readonly handle: CommandHandle
  readonly terminal: TerminalHandle
  readonly session: SshSession
  readonly forward: PortForward
  readonly list: Pager<SandboxInfo>
}

/** What methods are tried on. */
export type Parts = Handles & { readonly client: OpenShellClient; readonly box: Sandbox }

/** A call with the options, or the argument, that is tried. */
export type Call = (parts: Parts, given: never) => unknown

const CHUNK = { id: 'a', reviewToken: 'b' } as never
const RECEIPT = { id: 'a', kind: 'attach', providerName: 'keys' } as never

/** The options that are tried, with what the method must have. */
function given(needed: object, options: never): never {
  return (options === null ? options : { ...needed, ...(options as object) }) as never
}

/** Every method that uses the network and takes options, by how an application calls it. */
export const METHODS_WITH_OPTIONS: Readonly<Record<string, Call>> = {
  'client.health': ({ client }, options) => client.health(options),
  'client.whoami': ({ client }, options) => client.whoami(options),
  'client.gatewayInfo': ({ client }, options) => client.gatewayInfo(options),
  'raw.line': ({ client }, options) => client.raw.line(options),
  'sandboxes.create': ({ client }, options) => client.sandboxes.create({ name: 'made' }, options),
  'sandboxes.createOnce': ({ client }, options) => client.sandboxes.createOnce({ name: 'made' }, options),
  'sandboxes.get': ({ client }, options) => client.sandboxes.get('box', options),
  'sandboxes.tryGet': ({ client }, options) => client.sandboxes.tryGet('box', options),
  'sandboxes.getById': ({ client }, options) => client.sandboxes.getById('id', options),
  'sandboxes.list': ({ client }, options) => client.sandboxes.list(options).toArray(),
  'sandboxes.delete': ({ client }, options) => client.sandboxes.delete('none', options),
  'sandbox.refresh': ({ box }, options) => box.refresh(options),
  'sandbox.start': ({ box }, options) => box.start(options),
  'sandbox.stop': ({ box }, options) => box.stop(options),
  'sandbox.delete': ({ box }, options) => box.delete(options),
  'sandbox.waitReady': ({ box }, options) => box.waitReady(options),
  'sandbox.waitCompleted': ({ box }, options) => box.waitCompleted(options),
  'sandbox.waitStopped': ({ box }, options) => box.waitStopped(options),
  'sandbox.waitDeleted': ({ box }, options) => box.waitDeleted(options),
  'sandbox.watch': ({ box }, options) => box.watch(options).next(),
  'sandbox.logs': ({ box }, options) => box.logs(options),
  'commands.run': ({ box }, options) => box.commands.run(['true'], options),
  'commands.start': async ({ box }, options) => (await box.commands.start(['true'], options)).wait(),
  'commands.interactive': async ({ box }, options) => (await box.commands.interactive(['true'], options)).wait(),
  'handle.kill': ({ handle }, options) => handle.kill(options),
  'session.revoke': ({ session }, options) => session.revoke(options),
  'files.read': ({ box }, options) => box.files.read('a', options),
  'files.write': ({ box }, options) => box.files.write('a', '', options),
  'files.list': ({ box }, options) => box.files.list('a', options),
  'files.stat': ({ box }, options) => box.files.stat('a', options),
  'files.exists': ({ box }, options) => box.files.exists('a', options),
  'files.mkdir': ({ box }, options) => box.files.mkdir('a', options),
  'files.remove': ({ box }, options) => box.files.remove('a', options),
  'files.rename': ({ box }, options) => box.files.rename('a', 'b', options),
  'files.upload': ({ box }, options) => box.files.upload('a', 'b', options),
  'files.download': ({ box }, options) => box.files.download('a', 'b', options),
  'ports.connect': ({ box }, options) => box.ports.connect(given({ targetPort: 9 }, options)),
  'ports.forward': ({ box }, options) => box.ports.forward(given({ targetPort: 9 }, options)),
  'ssh.createSession': ({ box }, options) => box.ssh.createSession(options),
  'services.expose': ({ box }, options) => box.services.expose({ targetPort: 80 }, options),
  'services.get': ({ box }, options) => box.services.get('', options),
  'services.tryGet': ({ box }, options) => box.services.tryGet('', options),
  'services.list': ({ box }, options) => box.services.list(options).toArray(),
  'services.list of a workspace': ({ client }, options) => client.services.list(options).toArray(),
  'services.delete': ({ box }, options) => box.services.delete('', options),
  'sandbox.providers.attach': ({ box }, options) => box.providers.attach('keys', options),
  'sandbox.providers.detach': ({ box }, options) => box.providers.detach('keys', options),
  'sandbox.providers.list': ({ box }, options) => box.providers.list(options).toArray(),
  'sandbox.providers.readiness': ({ box }, options) => box.providers.readiness(RECEIPT, options),
  'sandbox.providers.waitReady': ({ box }, options) => box.providers.waitReady(RECEIPT, options),
  'policy.set': ({ box }, options) => box.policy.set({}, options),
  'policy.merge': ({ box }, options) => box.policy.merge([{ type: 'remove-rule', ruleName: 'a' }], options),
  'policy.get': ({ box }, options) => box.policy.get(options),
  'policy.status': ({ box }, options) => box.policy.status(options),
  'policy.history': ({ box }, options) => box.policy.history(options).toArray(),
  'policy.waitLoaded': ({ box }, options) => box.policy.waitLoaded(1, options),
  'drafts.read': ({ box }, options) => box.drafts.read(options),
  'drafts.history': ({ box }, options) => box.drafts.history(options),
  'drafts.approve': ({ box }, options) => box.drafts.approve(CHUNK, options),
  'drafts.approveAll': ({ box }, options) => box.drafts.approveAll([CHUNK], options),
  'drafts.reject': ({ box }, options) => box.drafts.reject('a', options),
  'drafts.edit': ({ box }, options) => box.drafts.edit('a', {}, options),
  'drafts.undo': ({ box }, options) => box.drafts.undo('a', options),
  'drafts.clear': ({ box }, options) => box.drafts.clear(options),
  'sandbox.settings.read': ({ box }, options) => box.settings.read(options),
  'sandbox.settings.get': ({ box }, options) => box.settings.get('a', options),
  'sandbox.settings.set': ({ box }, options) => box.settings.set('a', true, options),
  'sandbox.settings.delete': ({ box }, options) => box.settings.delete('a', options),
  'providers.create': ({ client }, options) => client.providers.create('keys', { type: 'x' }, options),
  'providers.get': ({ client }, options) => client.providers.get('keys', options),
  'providers.tryGet': ({ client }, options) => client.providers.tryGet('keys', options),
  'providers.update': ({ client }, options) => client.providers.update('keys', {}, options),
  'providers.list': ({ client }, options) => client.providers.list(options).toArray(),
  'providers.delete': ({ client }, options) => client.providers.delete('keys', options),
  'refresh.status': ({ client }, options) => client.providers.refresh.status('keys', options),
  'refresh.configure': ({ client }, options) =>
    client.providers.refresh.configure('keys', 'A', { strategy: 'external' }, options),
  'refresh.rotate': ({ client }, options) => client.providers.refresh.rotate('keys', 'A', options),
  'refresh.delete': ({ client }, options) => client.providers.refresh.delete('keys', 'A', options),
  'profiles.get': ({ client }, options) => client.profiles.get('a', options),
  'profiles.tryGet': ({ client }, options) => client.profiles.tryGet('a', options),
  'profiles.list': ({ client }, options) => client.profiles.list(options).toArray(),
  'profiles.import': ({ client }, options) => client.profiles.import([], options),
  'profiles.lint': ({ client }, options) => client.profiles.lint([], options),
  'profiles.update': ({ client }, options) =>
    client.profiles.update('a', { profile: {} } as never, given({ expectedResourceVersion: '1' }, options)),
  'profiles.delete': ({ client }, options) => client.profiles.delete('a', options),
  'templates.create': ({ client }, options) => client.templates.create('a', {}, options),
  'templates.get': ({ client }, options) => client.templates.get('a', options),
  'templates.tryGet': ({ client }, options) => client.templates.tryGet('a', options),
  'templates.list': ({ client }, options) => client.templates.list(options).toArray(),
  'templates.delete': ({ client }, options) => client.templates.delete('a', options),
  'inference.set': ({ client }, options) =>
    client.inference.set('inference.local', { providerName: 'a', modelId: 'b' }, options),
  'inference.get': ({ client }, options) => client.inference.get('inference.local', options),
  'inference.tryGet': ({ client }, options) => client.inference.tryGet('inference.local', options),
  'inference.delete': ({ client }, options) => client.inference.delete('inference.local', options),
  'workspaces.create': ({ client }, options) => client.workspaces.create('team-c', options),
  'workspaces.get': ({ client }, options) => client.workspaces.get('team-c', options),
  'workspaces.tryGet': ({ client }, options) => client.workspaces.tryGet('team-c', options),
  'workspaces.list': ({ client }, options) => client.workspaces.list(options).toArray(),
  'workspaces.delete': ({ client }, options) => client.workspaces.delete('team-c', options),
  'members.add': ({ client }, options) => client.workspaces.members('team-a').add('anna', 'user', options),
  'members.list': ({ client }, options) => client.workspaces.members('team-a').list(options).toArray(),
  'members.remove': ({ client }, options) => client.workspaces.members('team-a').remove('anna', options),
  'admin.listSandboxes': ({ client }, options) => client.admin.listSandboxes(options).toArray(),
  'admin.listServices': ({ client }, options) => client.admin.listServices(options).toArray(),
  'admin.listTemplates': ({ client }, options) => client.admin.listTemplates(options).toArray(),
  'admin.listProviders': ({ client }, options) => client.admin.listProviders(options).toArray(),
  'admin.settings.read': ({ client }, options) => client.admin.settings.read(options),
  'admin.settings.set': ({ client }, options) => client.admin.settings.set('a', true, options),
  'admin.settings.delete': ({ client }, options) => client.admin.settings.delete('a', options),
  'admin.policy.set': ({ client }, options) => client.admin.policy.set({}, options),
  'admin.policy.tryGet': ({ client }, options) => client.admin.policy.tryGet(options),
  'admin.policy.history': ({ client }, options) => client.admin.policy.history(options).toArray(),
  'admin.policy.delete': ({ client }, options) => client.admin.policy.delete(options),
}
