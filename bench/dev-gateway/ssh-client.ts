import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import ssh2, { type Client } from 'ssh2'

/** Connects ssh2 alone to a server on this machine, with the cipher that ssh2 prefers, and logs in. */
export async function connectSsh(port: number): Promise<Client> {
  const client = new ssh2.Client()
  client.connect({
    // Without it, the small messages that open the window wait for acknowledgements.
    sock: connectSocket({ host: '127.0.0.1', port, noDelay: true }),
    username: 'bench',
    authHandler: ['none'],
  })
  await once(client, 'ready')
  // Its server is killed at the end.
  client.on('error', () => {})
  return client
}

/** Runs a line; resolves to how many bytes of output came. */
export function runOverSsh(client: Client, line: string): Promise<number> {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => {
      if (error) {
        reject(error)
        return
      }
      let received = 0
      channel.on('data', (data: Buffer) => {
        received += data.length
      })
      channel.on('close', () => resolve(received))
    })
  })
}
