import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import type { Refresh } from '../records/refresh.js'
import { mintToken } from './mint-token.js'

test('an answer without an end is too long, and is left', async () => {
  const endless = new Readable({ read: () => void endless.push(Buffer.alloc(16_384, 'x')) })
  const server = createServer((_request, response) => endless.pipe(response).once('close', () => endless.destroy()))
  onTestFinished(() => void server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const refresh: Pick<Refresh, 'strategy' | 'material' | 'scopes' | 'tokenUrl' | 'maxLifetimeSeconds'> = {
    strategy: 'oauth2_client_credentials',
    material: { client_id: 'me', client_secret: 's' },
    scopes: [],
    tokenUrl: `${origin}/token`,
    maxLifetimeSeconds: 0,
  }
  const closed = once(endless, 'close')
  await expect(mintToken(refresh as Refresh, 0)).rejects.toThrow(`the answer of ${origin} is too long`)
  await closed
})
