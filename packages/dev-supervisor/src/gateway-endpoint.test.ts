import { expect, test } from 'vitest'
import { openGatewayEndpoint } from './gateway-endpoint.js'

test.each([
  ['http://127.0.0.1:17670', 'dns:127.0.0.1:17670'],
  ['http://gateway.example', 'dns:gateway.example:80'],
  ['http://[::1]:5000/', 'dns:[::1]:5000'],
])('%s is dialled as %s', async (url, target) => {
  expect((await openGatewayEndpoint(url)).target).toBe(target)
})

test.each([
  ['127.0.0.1:17670', 'no http:// or https:// URL'],
  ['ftp://gateway', 'no http:// or https:// URL'],
  ['http://user:hunter2@gateway', 'user name or a password'],
  ['https://gateway', 'OPENSHELL_TLS_CA, OPENSHELL_TLS_CERT and OPENSHELL_TLS_KEY'],
])('%s is refused', async (url, problem) => {
  const error: Error = await openGatewayEndpoint(url).then(
    () => new Error('accepted'),
    (reason) => reason,
  )
  expect(error.message).toContain(problem)
  expect(error.message).not.toContain('hunter2')
})

test('a TLS file that cannot be read is named', async () => {
  const tls = { caFile: '/no/ca', certificateFile: '/no/cert', keyFile: '/no/key' }
  await expect(openGatewayEndpoint('https://gateway', tls)).rejects.toThrow(
    /OPENSHELL_TLS_\w+, \/no\/\w+, cannot be read \(ENOENT\)/,
  )
})
