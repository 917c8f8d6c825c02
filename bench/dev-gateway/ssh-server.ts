import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import ssh2, { type ServerChannel } from 'ssh2'
import { answerQuestions } from '../answer-questions.js'

/** An SSH server of ssh2 alone, over TCP without delay. It runs commands as a supervisor does: a login shell with pipes. */
const { private: key } = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 })
const server = new ssh2.Server({ hostKeys: [key] }, (connection) => {
  connection.on('authentication', (attempt) => attempt.accept())
  connection.on('error', () => {})
  connection.on('session', (accept) => {
    accept().on('exec', (acceptExec, _reject, { command }) => runInShell(acceptExec(), command))
  })
})
const listener = createServer({ noDelay: true }, (socket) => server.injectSocket(socket))
listener.listen(0, '127.0.0.1')
await once(listener, 'listening')
answerQuestions({ port: (listener.address() as AddressInfo).port })

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
