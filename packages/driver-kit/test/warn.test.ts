import { expect, test } from 'vitest'
import { defineDriver } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { sandboxMessage, serveInTest, TestWatch } from './serve-in-test.js'

test('what a handler warns of reaches the watchers, cut to a length that gateways take', async () => {
  const driver = defineDriver({
    ...memoryDriver(memoryBackend()),
    async create(_sandbox, { warn }) {
      warn('ImageIgnored', `The image has no effect. ${'x'.repeat(2_000)}`)
    },
  })
  await using served = await serveInTest(driver)
  const watch = await TestWatch.open(served.client)
  await served.client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  await watch.until(() => watch.story('one').includes('event ImageIgnored'))
  watch.close()
  const event = watch.events.flatMap(({ payload }) => (payload.case === 'platformEvent' ? [payload.value] : []))[0]
  expect(event).toMatchObject({ sandboxId: 'one', event: { type: 'Warning', source: 'acme', reason: 'ImageIgnored' } })
  expect(event?.event?.message).toMatch(/^The image has no effect\. x+$/)
  expect(event?.event?.message).toHaveLength(1_024)
})
