import type { ClientDuplexStream } from '@grpc/grpc-js'
import type { RelayFrame } from '@openshell-ts/protocol/v0-0'
import ssh2, { type ServerChannel, type Session } from 'ssh2'
import { generateHostKey } from '../host-key.js'
import { relayStreamDuplex } from '../relay-stream-duplex.js'
import type { Json } from './recording.js'

/** Serves SSH on a relay in the way of the recordings, and keeps what the gateway asks for in the list that it returns. */
export function serveRecordedSsh(frames: ClientDuplexStream<RelayFrame, RelayFrame>): Json[] {
  const seen: Json[] = []
  const relay = relayStreamDuplex(frames)
  // The end of the bytes, after what they said: the frames may end before these are read.
  relay.on('end', () => seen.push({ relay: 'end' }))
  frames.on('error', () => seen.push({ relay: 'error' }))
  const server = new ssh2.Server({ hostKeys: [generateHostKey()] }, (connection) => {
    connection.on('authentication', (attempt) => {
      seen.push({ auth: attempt.method, user: attempt.username })
      attempt.accept()
    })
    connection.on('ready', () => seen.push({ event: 'ready' }))
    connection.on('error', (error) => seen.push({ error: error.message }))
    connection.on('session', (accept) => {
      seen.push({ channel: 'session' })
      serveSession(accept(), seen)
    })
  })
  server.injectSocket(relay as never)
  return seen
}

function serveSession(session: Session, seen: Json[]): void {
  session.on('env', (accept, _reject, { key, val }) => {
    seen.push({ env: { key, val } })
    accept?.()
  })
  session.on('pty', (accept, _reject, { cols, rows, ...others }) => {
    seen.push({ pty: { term: String((others as { term?: string }).term), cols, rows } })
    accept?.()
  })
  session.on('window-change', (accept, _reject, { cols, rows }) => {
    seen.push({ window_change: { cols, rows } })
    accept?.()
  })
  session.on('signal', (accept, _reject, { name }) => {
    seen.push({ signal: name })
    accept?.()
  })
  session.on('shell', (accept) => {
    seen.push({ shell: true })
    accept()
  })
  session.on('exec', (accept, _reject, { command }) => {
    seen.push({ exec: command })
    answer(command, accept(), seen)
  })
}

// Answers when the input has ended, so that what the recording waited a moment for is there.
function answer(command: string, channel: ServerChannel, seen: Json[]): void {
  channel.on('data', (bytes: Buffer) => seen.push({ stdin: bytes.toString() }))
  channel.on('close', () => seen.push({ channel: 'close' }))
  channel.on('end', () => {
    seen.push({ stdin: 'EOF' })
    if (command !== 'NOEXIT') channel.exit(7)
    channel.end()
  })
  channel.write('out\n')
  channel.stderr.write('err\n')
}
