import type { ServerChannel } from 'ssh2'
import { joinStreams } from './join-streams.js'
import { dialLoopback, toLoopbackTarget } from './loopback-target.js'

/** A client's wish to reach a TCP port of the sandbox. */
export interface DirectTcpRequest {
  readonly accept: () => ServerChannel
  readonly reject: () => void
  readonly host: string
  readonly port: number
}

/** Connects a `direct-tcpip` channel to a loopback port; another host is refused, a failed dial closes the channel. */
export async function serveDirectTcp({ accept, reject, host, port }: DirectTcpRequest): Promise<void> {
  const target = toLoopbackTarget({ host: withoutBrackets(host), port })
  if (target.type === 'refused') {
    reject()
    return
  }
  const channel = accept()
  channel.on('error', () => {})
  try {
    const socket = await dialLoopback(target)
    socket.on('error', () => socket.destroy())
    joinStreams(socket, channel)
  } catch {
    channel.end()
  }
}

// SSH clients write IPv6 addresses in brackets, and IPv4 ones as mapped addresses.
function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}
