import { status as codes } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { DriverError, defineDriver } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { rejection } from './rejection.js'
import { sandboxMessage, serveInTest } from './serve-in-test.js'

test('a credential leads to its sandbox, with the runtime identity of create and start', async () => {
  const driver = defineDriver({
    ...memoryDriver(memoryBackend()),
    authenticate: async (credential) => (credential.startsWith('of-') ? credential.slice(3) : undefined),
  })
  await using served = await serveInTest(driver)
  const { client } = served
  expect((await client.unary('getCapabilities', {})).supportsSandboxAuthentication).toBe(true)
  const created = await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  const answer = await client.unary('authenticateSandbox', { credential: 'of-one' })
  expect([answer.sandboxId, answer.runtimeIdentity]).toEqual(['one', created.runtimeIdentity])
  await served.restart(driver)
  const again = await served.client.unary('authenticateSandbox', { credential: 'of-one' })
  expect(again.runtimeIdentity).toBe(created.runtimeIdentity)
})

test('a credential of nobody, of an unknown sandbox or of a deleted one is UNAUTHENTICATED and not echoed', async () => {
  const driver = defineDriver({
    ...memoryDriver(memoryBackend()),
    authenticate: async (credential) => (credential.startsWith('of-') ? credential.slice(3) : undefined),
  })
  await using served = await serveInTest(driver)
  const { client } = served
  await client.unary('createSandbox', { sandbox: sandboxMessage('gone') })
  await client.unary('deleteSandbox', { sandboxId: 'gone' })
  for (const credential of ['secret-credential', 'of-unknown', 'of-gone']) {
    const error = await rejection(client.unary('authenticateSandbox', { credential }))
    expect([error.code, error.details]).toEqual([
      codes.UNAUTHENTICATED,
      'the credential belongs to no sandbox of this driver',
    ])
  }
  const missing = await rejection(client.unary('authenticateSandbox', {}))
  expect([missing.code, missing.details]).toEqual([codes.INVALID_ARGUMENT, 'credential is required'])
})

test('a driver without the handler does not claim to authenticate', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  expect((await served.client.unary('getCapabilities', {})).supportsSandboxAuthentication).toBe(false)
})

test('workspaces reach their handlers, with the error that they answer', async () => {
  const calls: string[] = []
  const driver = defineDriver({
    ...memoryDriver(memoryBackend()),
    async ensureWorkspace(workspace) {
      calls.push(`ensure ${workspace}`)
    },
    async deleteWorkspace(workspace) {
      calls.push(`delete ${workspace}`)
      throw new DriverError({ code: 'failed-precondition', message: 'a volume is still there' })
    },
  })
  await using served = await serveInTest(driver)
  await served.client.unary('ensureWorkspace', { workspace: 'w' })
  const error = await rejection(served.client.unary('deleteWorkspace', { workspace: 'w' }))
  expect([error.code, error.details]).toEqual([codes.FAILED_PRECONDITION, 'a volume is still there'])
  expect((await rejection(served.client.unary('ensureWorkspace', {}))).code).toBe(codes.INVALID_ARGUMENT)
  expect(calls).toEqual(['ensure w', 'delete w'])
})
