import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the token endpoint answers; `status` 200 unless it says otherwise. */
export interface TokenReply {
  readonly status?: number
  readonly body: object
}

/** An OpenID Connect issuer on loopback that answers what the test says. It is no gateway. */
export interface ScriptedIssuer extends AsyncDisposable {
  readonly url: string
  /** Parameters of the token requests, in order. */
  readonly requests: readonly Readonly<Record<string, string>>[]
  /** `authorization` headers of the token requests. */
  readonly authorizations: readonly string[]
}

export interface IssuerScript {
  readonly token: (parameters: Readonly<Record<string, string>>) => TokenReply | Promise<TokenReply>
  /** Changes the discovery document, or answers in its place. */
  readonly discovery?: (document: Record<string, unknown>, response: ServerResponse) => object | undefined
}

export async function startScriptedIssuer(script: IssuerScript): Promise<ScriptedIssuer> {
  const requests: Record<string, string>[] = []
  const authorizations: string[] = []
  let url = ''
  const server = createServer(async (request, response) => {
    if (request.url === '/.well-known/openid-configuration') {
      const document = { issuer: url, token_endpoint: `${url}/token` }
      const answer = script.discovery ? script.discovery(document, response) : document
      if (answer) json(response, 200, answer)
      return
    }
    const parameters = Object.fromEntries(new URLSearchParams(await bodyOf(request)))
    requests.push(parameters)
    authorizations.push(request.headers.authorization ?? '')
    const { status = 200, body } = await script.token(parameters)
    json(response, status, body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    requests,
    authorizations,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
