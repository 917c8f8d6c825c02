import type { Call } from './methods-with-options.js'

/** Values of every kind that JavaScript hands over, by how they are called here. */
export const VALUES = {
  undefined,
  null: null,
  five: 5,
  NaN: Number.NaN,
  true: true,
  empty: '',
  object: {},
  list: [],
  numbers: [5],
} as const

type Sort = keyof typeof VALUES

/** An argument of a method or a field of its spec: how it is named in errors, how it is given, and what may be given. */
export type Argument = readonly [field: string, give: Call, ...accepted: Sort[]]

const UNSENT = { waitReady: false, keep: true } as const

function createField(field: string, ...accepted: Sort[]): Argument {
  const give: Call = ({ client }, value) => client.sandboxes.create({ [field]: value }, UNSENT)
  return [field, give, 'undefined', ...accepted]
}

function templateField(field: string, ...accepted: Sort[]): Argument {
  return [field, ({ client }, value) => client.templates.create('t', { [field]: value }), 'undefined', ...accepted]
}

function providerField(field: string, ...accepted: Sort[]): Argument {
  const give: Call = ({ client }, value) => client.providers.create('p', { type: 'x', ...{ [field]: value } })
  return [field, give, ...accepted]
}

const EXTERNAL = { strategy: 'external' } as const
const ROUTE = { providerName: 'a', modelId: 'b' }
const AT_ONE = { expectedResourceVersion: '1' }

/** Every argument that is not the options, by method. */
export const METHODS_WITH_ARGUMENTS: Readonly<Record<string, readonly Argument[]>> = {
  'client.workspace': [['name', ({ client }, value) => client.workspace(value)]],
  'client.with': [
    ['options', ({ client }, value) => client.with(value), 'object'],
    ['signal', ({ client }, value) => client.with({ signal: value }), 'undefined'],
    ['requestTimeoutMs', ({ client }, value) => client.with({ requestTimeoutMs: value }), 'undefined', 'five'],
    ['headers', ({ client }, value) => client.with({ headers: value }), 'undefined', 'object'],
  ],
  'list.toArray': [
    ['options', ({ list }, value) => list.toArray(value), 'undefined', 'object'],
    ['limit', ({ list }, value) => list.toArray({ limit: value }), 'undefined', 'five'],
  ],
  'terminal.write': [['data', ({ terminal }, value) => terminal.write(value), 'empty']],
  'terminal.resize': [
    ['cols', ({ terminal }, value) => terminal.resize(value, 24), 'five'],
    ['rows', ({ terminal }, value) => terminal.resize(80, value), 'five'],
  ],
  'session.matchesHostKey': [['key', ({ session }, value) => session.matchesHostKey(value)]],
  'sandboxes.create': [
    ['options', ({ client }, value) => client.sandboxes.create(value, UNSENT), 'undefined', 'object'],
    createField('name', 'empty'),
    createField('image', 'empty'),
    createField('template', 'empty'),
    createField('command', 'list'),
    createField('tty', 'true'),
    createField('environment', 'object'),
    createField('resources', 'object'),
    createField('gpu', 'true'),
    createField('policy', 'object'),
    createField('providers', 'list'),
    createField('labels', 'object'),
    createField('annotations', 'object'),
    createField('driverConfig', 'object'),
    createField('rawSpec', 'object'),
    createField('services', 'list'),
    createField('logLevel', 'empty'),
  ],
  'sandboxes.createOnce': [['name', ({ client }, value) => client.sandboxes.createOnce({ name: value }, UNSENT)]],
  'sandboxes.get': [['name', ({ client }, value) => client.sandboxes.get(value)]],
  'sandboxes.tryGet': [['name', ({ client }, value) => client.sandboxes.tryGet(value)]],
  'sandboxes.getById': [['id', ({ client }, value) => client.sandboxes.getById(value)]],
  'sandboxes.delete': [['name', ({ client }, value) => client.sandboxes.delete(value)]],
  'commands.run': [
    ['command', ({ box }, value) => box.commands.run(value), 'empty'],
    ['command', ({ box }, value) => box.commands.run([value]), 'empty'],
  ],
  'commands.start': [['command', ({ box }, value) => box.commands.start(value), 'empty']],
  'commands.interactive': [['command', ({ box }, value) => box.commands.interactive(value), 'empty']],
  'files.read': [['path', ({ box }, value) => box.files.read(value)]],
  'files.write': [
    ['path', ({ box }, value) => box.files.write(value, 'x')],
    ['content', ({ box }, value) => box.files.write('a', value), 'empty'],
  ],
  'files.list': [['path', ({ box }, value) => box.files.list(value)]],
  'files.rename': [
    ['path', ({ box }, value) => box.files.rename(value, 'a')],
    ['to', ({ box }, value) => box.files.rename('a', value)],
  ],
  'files.upload': [
    ['localPath', ({ box }, value) => box.files.upload(value, 'a')],
    ['path', ({ box }, value) => box.files.upload('a', value)],
  ],
  'files.download': [
    ['path', ({ box }, value) => box.files.download(value, 'a')],
    ['localPath', ({ box }, value) => box.files.download('a', value)],
  ],
  'ports.connect': [['targetPort', ({ box }, value) => box.ports.connect({ targetPort: value }), 'five']],
  'ports.forward': [
    ['targetPort', ({ box }, value) => box.ports.forward({ targetPort: value }), 'five'],
    ['localPort', ({ box }, value) => box.ports.forward({ targetPort: 9, localPort: value }), 'undefined', 'five'],
  ],
  'services.expose': [
    ['targetPort', ({ box }, value) => box.services.expose({ targetPort: value }), 'five'],
    ['name', ({ box }, value) => box.services.expose({ targetPort: 80, name: value }), 'undefined', 'empty'],
    ['authorization', ({ box }, value) => box.services.expose({ targetPort: 80, authorization: value }), 'undefined'],
  ],
  'services.get': [['name', ({ box }, value) => box.services.get(value), 'undefined', 'empty']],
  'services.delete': [['name', ({ box }, value) => box.services.delete(value), 'undefined', 'empty']],
  'services.of': [['sandboxName', ({ client }, value) => client.services.of(value)]],
  'policies.of': [['sandboxName', ({ client }, value) => client.policies.of(value)]],
  'drafts.of': [['sandboxName', ({ client }, value) => client.drafts.of(value)]],
  'providers.of': [['sandboxName', ({ client }, value) => client.providers.of(value)]],
  'sandbox.providers.attach': [['providerName', ({ box }, value) => box.providers.attach(value)]],
  'sandbox.providers.detach': [['providerName', ({ box }, value) => box.providers.detach(value)]],
  'sandbox.providers.readiness': [['receipt', ({ box }, value) => box.providers.readiness(value)]],
  'policy.set': [['policy', ({ box }, value) => box.policy.set(value), 'object']],
  'policy.merge': [
    ['changes', ({ box }, value) => box.policy.merge(value)],
    ['changes', ({ box }, value) => box.policy.merge([value])],
  ],
  'policy.waitLoaded': [['version', ({ box }, value) => box.policy.waitLoaded(value), 'five']],
  'drafts.approve': [['chunk', ({ box }, value) => box.drafts.approve(value)]],
  'drafts.approveAll': [['chunks', ({ box }, value) => box.drafts.approveAll(value), 'list']],
  'drafts.reject': [['chunkId', ({ box }, value) => box.drafts.reject(value)]],
  'drafts.edit': [
    ['chunkId', ({ box }, value) => box.drafts.edit(value, {})],
    ['rule', ({ box }, value) => box.drafts.edit('a', value), 'object'],
  ],
  'drafts.undo': [['chunkId', ({ box }, value) => box.drafts.undo(value)]],
  'sandbox.settings.get': [['key', ({ box }, value) => box.settings.get(value)]],
  'sandbox.settings.set': [
    ['key', ({ box }, value) => box.settings.set(value, true)],
    ['value', ({ box }, value) => box.settings.set('a', value), 'five', 'true', 'empty'],
  ],
  'sandbox.settings.delete': [['key', ({ box }, value) => box.settings.delete(value)]],
  'admin.settings.set': [['key', ({ client }, value) => client.admin.settings.set(value, true)]],
  'admin.settings.delete': [['key', ({ client }, value) => client.admin.settings.delete(value)]],
  'admin.policy.set': [['policy', ({ client }, value) => client.admin.policy.set(value), 'object']],
  'providers.create': [
    ['name', ({ client }, value) => client.providers.create(value, { type: 'x' }), 'empty'],
    ['type', ({ client }, value) => client.providers.create('p', { type: value })],
    providerField('credentials', 'undefined', 'object'),
    providerField('config', 'undefined', 'object'),
    providerField('profileScope', 'undefined'),
    providerField('labels', 'undefined', 'object'),
    providerField('annotations', 'undefined', 'object'),
  ],
  'providers.get': [['name', ({ client }, value) => client.providers.get(value)]],
  'providers.update': [['name', ({ client }, value) => client.providers.update(value, {})]],
  'providers.delete': [['name', ({ client }, value) => client.providers.delete(value)]],
  'refresh.status': [['provider', ({ client }, value) => client.providers.refresh.status(value)]],
  'refresh.configure': [
    ['provider', ({ client }, value) => client.providers.refresh.configure(value, 'A', EXTERNAL)],
    ['credentialName', ({ client }, value) => client.providers.refresh.configure('p', value, EXTERNAL)],
    ['strategy', ({ client }, value) => client.providers.refresh.configure('p', 'A', { strategy: value })],
  ],
  'refresh.rotate': [
    ['provider', ({ client }, value) => client.providers.refresh.rotate(value, 'A')],
    ['credentialName', ({ client }, value) => client.providers.refresh.rotate('p', value)],
  ],
  'refresh.delete': [['credentialName', ({ client }, value) => client.providers.refresh.delete('p', value)]],
  'profiles.get': [['id', ({ client }, value) => client.profiles.get(value)]],
  'profiles.import': [
    ['items', ({ client }, value) => client.profiles.import(value), 'list'],
    ['item', ({ client }, value) => client.profiles.import([value]), 'object', 'list', 'numbers'],
  ],
  'profiles.update': [
    ['id', ({ client }, value) => client.profiles.update(value, { profile: {} } as never, AT_ONE)],
    ['item', ({ client }, value) => client.profiles.update('a', value, AT_ONE), 'object'],
  ],
  'profiles.lint': [['items', ({ client }, value) => client.profiles.lint(value), 'list']],
  'profiles.delete': [['id', ({ client }, value) => client.profiles.delete(value)]],
  'templates.create': [
    ['name', ({ client }, value) => client.templates.create(value, {})],
    templateField('image', 'empty'),
    templateField('environment', 'object'),
    templateField('resources', 'object'),
    templateField('driverConfig', 'object'),
    templateField('labels', 'object'),
    templateField('annotations', 'object'),
    templateField('startup', 'object'),
  ],
  'templates.get': [['name', ({ client }, value) => client.templates.get(value)]],
  'templates.delete': [['name', ({ client }, value) => client.templates.delete(value)]],
  'inference.set': [
    ['name', ({ client }, value) => client.inference.set(value, ROUTE)],
    ['providerName', ({ client }, value) => client.inference.set('inference.local', { ...ROUTE, providerName: value })],
    ['modelId', ({ client }, value) => client.inference.set('inference.local', { ...ROUTE, modelId: value })],
  ],
  'inference.get': [['name', ({ client }, value) => client.inference.get(value)]],
  'workspaces.create': [['name', ({ client }, value) => client.workspaces.create(value)]],
  'workspaces.get': [['name', ({ client }, value) => client.workspaces.get(value)]],
  'workspaces.delete': [['name', ({ client }, value) => client.workspaces.delete(value)]],
  'workspaces.members': [['workspace', ({ client }, value) => client.workspaces.members(value)]],
  'members.add': [
    ['subject', ({ client }, value) => client.workspaces.members('team-a').add(value, 'user')],
    ['role', ({ client }, value) => client.workspaces.members('team-a').add('anna', value)],
  ],
  'members.remove': [['subject', ({ client }, value) => client.workspaces.members('team-a').remove(value)]],
}
