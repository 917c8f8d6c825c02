import { expect, test } from 'vitest'
import { defineDriver } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { sandboxMessage, serveInTest } from './serve-in-test.js'

test("a driver's watch that throws is logged and started again, while the driver serves", async () => {
  const errors: [object, string | undefined][] = []
  let calls = 0
  let again = () => {}
  const startedAgain = new Promise<void>((resolve) => {
    again = resolve
  })
  const driver = defineDriver({
    ...memoryDriver(memoryBackend()),
    async watch() {
      calls += 1
      if (calls === 2) again()
      throw new Error('the backend hung up')
    },
  })
  const logger = {
    debug() {},
    info() {},
    warn() {},
    error: (...line: [object, string?]) => void errors.push([line[0], line[1]]),
  }
  await using served = await serveInTest(driver, { logger })
  await served.client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  await startedAgain
  expect(errors[0]).toEqual([
    { err: expect.objectContaining({ message: 'the backend hung up' }) },
    "The driver's watch failed; starting it again",
  ])
  expect((await served.client.unary('listSandboxes', {})).sandboxes).toHaveLength(1)
})
