import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import ssh2, { type ServerChannel } from 'ssh2'

/** An SSH server and a client of it over one TCP connection, with nothing in between. */
export interface PlainSsh extends AsyncDisposable {
  /** Asks for that many bytes; resolves to how many came. */
  receive(bytes: number): Promise<number>
}

const chunk = Buffer.alloc(65_536, 'x')
// What a supervisor offers first, and the fastest one that ssh2 has.
const cipher = ['aes256-gcm@openssh.com'] as const

/** Connects the two. A command is a number: that many bytes are the output. */
export async function startPlainSsh(): Promise<PlainSsh> {
  const { private: key } = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 })
  const server = new ssh2.Server({ hostKeys: [key], algorithms: { cipher: [...cipher] } }, (connection) => {
    connection.on('authentication', (attempt) => attempt.accept())
    connection.on('error', () => {})
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => void send(acceptExec(), Number(command)))
    })
  })
  const listener = createServer((socket) => server.injectSocket(socket))
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const client = new ssh2.Client()
  client.connect({
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    username: 'bench',
    authHandler: ['none'],
    algorithms: { cipher: [...cipher] },
  })
  await once(client, 'ready')
  return {
    receive(bytes) {
      return new Promise((resolve, reject) => {
        client.exec(String(bytes), (error, channel) => {
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
    },
    async [Symbol.asyncDispose]() {
      client.end()
      listener.close()
    },
  }
}

async function send(channel: ServerChannel, bytes: number): Promise<void> {
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    if (!channel.write(chunk)) await once(channel, 'drain')
  }
  channel.exit(0)
  channel.end()
}
