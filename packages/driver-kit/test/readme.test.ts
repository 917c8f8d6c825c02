import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { DriverProcess } from './driver-process.js'
import { computeClient, sandboxMessage, temporaryFolder } from './serve-in-test.js'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

test("the README's driver serves as printed", async () => {
  const readme = await readFile(join(packageFolder, 'README.md'), 'utf8')
  const [, example = ''] = /```ts file=acme.ts\n(.*?)```/s.exec(readme) ?? []
  // Inside the package, so that its own name leads to what is built; the folder is not part of the repository.
  const program = join(packageFolder, 'dist', `readme-${process.pid}.mjs`)
  await writeFile(program, ts.transpile(example, { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }))
  try {
    await using folder = await temporaryFolder()
    const socketPath = join(folder.path, 'compute.sock')
    const args = ['serve', '--bind-socket', socketPath, '--state-dir', join(folder.path, 'state')]
    await using driver = new DriverProcess(args, {}, program)
    await driver.printed('acme 1.4.0 serves on')
    const client = computeClient(socketPath)
    const template = { driverConfig: { schema_version: 1, size: '10Gi' } }
    await client.unary('createSandbox', { sandbox: sandboxMessage('one', { template }) })
    expect((await client.unary('listSandboxes', {})).sandboxes).toHaveLength(1)
    client.close()
    expect(await driver.kill('SIGTERM')).toBe(0)
    await using schema = new DriverProcess(['config', 'schema', '--version', '1'], {}, program)
    expect(await schema.exited()).toBe(0)
    expect(JSON.parse(schema.stdout)).toHaveProperty('properties.size')
  } finally {
    await rm(program)
  }
})
