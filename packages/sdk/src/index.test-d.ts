import type { DriverConfigBlock } from '@openshell-ts/driver-config/envelope'
import { expectTypeOf, test } from 'vitest'
import type {
  CommandEvent,
  CommandResult,
  DeleteResult,
  ErrorKind,
  OpenShellClient,
  Pager,
  Sandbox,
  SandboxInfo,
  SandboxTemplate,
  SandboxWarning,
  WatchEvent,
} from './index.js'
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
    'status' | 'log' | 'platform-event' | 'gap' | 'reconnected' | 'deleted'
  >()
  expectTypeOf<SandboxWarning['type']>().toEqualTypeOf<'no-matching-block' | 'block-issue'>()
  expectTypeOf<DeleteResult['outcome']>().toEqualTypeOf<'completed' | 'accepted' | 'absent' | 'unknown'>()
  expectTypeOf<'driver-config-rejected'>().toExtend<ErrorKind>()
  // @ts-expect-error the set of kinds is closed
  expectTypeOf<'oops'>().toExtend<ErrorKind>()
})

test('a command takes a list or a text, and no unknown option', () => {
  void sandbox.commands.run(['make'], { cwd: '/src', timeoutMs: 30_000 })
  // @ts-expect-error seconds are not an option
  void sandbox.commands.run(['make'], { timeoutSeconds: 30 })
})
