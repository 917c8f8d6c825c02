import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect as connectSocket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import ssh2, { type Client, type ServerChannel } from 'ssh2'

/** An SSH server and a client of it over TCP, with nothing in between. */
export interface PlainSsh extends AsyncDisposable {
  /** Asks for that many bytes over a connection that is there; resolves to how many came. */
  receive(bytes: number): Promise<number>
  /** Connects anew and runs a line in a login shell, as a gateway does it for each command. */
  login(line: string): Promise<void>
}

const chunk = Buffer.alloc(65_536, 'x')
// What a supervisor offers first, and the fastest one that ssh2 has.
const cipher = ['aes256-gcm@openssh.com'] as const

/** Starts the server. A command that is a number asks for that many bytes; every other one is a line for a shell. */
export async function startPlainSsh(): Promise<PlainSsh> {
  const { private: key } = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 })
  const server = new ssh2.Server({ hostKeys: [key], algorithms: { cipher: [...cipher] } }, (connection) => {
    connection.on('authentication', (attempt) => attempt.accept())
    connection.on('error', () => {})
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        if (/^[0-9]+$/.test(command)) void send(acceptExec(), Number(command))
        else runInShell(acceptExec(), command)
      })
    })
  })
  const listener = createServer({ noDelay: true }, (socket) => server.injectSocket(socket))
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const client = await connect(port)
  return {
    receive: (bytes) => execute(client, String(bytes)),
    async login(line) {
      const own = await connect(port)
      await execute(own, line)
      own.end()
    },
    async [Symbol.asyncDispose]() {
      client.end()
      listener.close()
    },
  }
}

async function connect(port: number): Promise<Client> {
  const client = new ssh2.Client()
  client.connect({
    // Without it, the small messages that open the window wait for acknowledgements.
    sock: connectSocket({ host: '127.0.0.1', port, noDelay: true }),
    username: 'bench',
    authHandler: ['none'],
    algorithms: { cipher: [...cipher] },
  })
  await once(client, 'ready')
  return client
}

/** Resolves to how many bytes of output came. */
function execute(client: Client, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
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

// Without a home of its own, as in the sandbox that it is compared with: nobody's profile is read.
function runInShell(channel: ServerChannel, line: string): void {
  const environment = { HOME: tmpdir(), PATH: process.env['PATH'] ?? '' }
  const child = spawn('bash', ['-lc', line], { env: environment, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  child.stdout.pipe(channel, { end: false })
  child.once('close', (code) => {
    channel.exit(code ?? 1)
    channel.end()
  })
}

async function send(channel: ServerChannel, bytes: number): Promise<void> {
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    if (!channel.write(chunk)) await once(channel, 'drain')
  }
  channel.exit(0)
  channel.end()
}
