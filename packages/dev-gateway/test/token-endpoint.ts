import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A token endpoint on loopback that answers what `answer` returns for a form. */
export async function tokenEndpoint(
  answer: (form: string) => readonly [number, object],
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(async (request, response) => {
    let form = ''
    for await (const chunk of request) form += String(chunk)
    const [code, body] = answer(form)
    response.writeHead(code, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
