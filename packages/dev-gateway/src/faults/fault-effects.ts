import { gatewayRpcs } from '../api/gateway-rpcs.js'
import { type FaultCode, type FaultEffect, isFaultCode } from './gateway-fault.js'

/** One effect, for those who read and list them. */
export interface KnownEffect {
  /** How its value is written; empty without one. */
  readonly value: string
  /** Reads the value, which is absent where there is no `=`. `undefined` for one that cannot be. */
  readonly read: (value: string | undefined) => FaultEffect | undefined
  /** What it does, for people. */
  readonly about: string
  /** The RPCs that it can strike; `driver/*` for each call of the driver. Absent: all. */
  readonly strikes?: readonly string[]
}

const snapshots = ['driver/GetSandbox', 'driver/ListSandboxes', 'driver/WatchSandboxes']

// Who sends one message has sent it before anybody can be slow.
const streams = [...gatewayRpcs.values()]
  .filter(({ methodKind }) => methodKind === 'bidi_streaming' || methodKind === 'client_streaming')
  .map(({ name }) => name)

/** Every effect, by its name. */
export const faultEffects: Readonly<Record<FaultEffect['effect'], KnownEffect>> = {
  'drop-before-commit': {
    value: '',
    read: plain({ effect: 'drop-before-commit' }),
    about: 'the connection is cut before anything is done',
  },
  'drop-after-commit': {
    value: '',
    read: plain({ effect: 'drop-after-commit' }),
    about: 'everything is done, and the connection is cut in place of the answer',
  },
  delay: {
    value: '=MS',
    read: counted((delayMs) => ({ effect: 'delay', delayMs })),
    about: 'the call waits first',
  },
  status: {
    value: '=CODE',
    read: coded((code) => ({ effect: 'status', code })),
    about: 'the call is refused before anything is done',
  },
  'status-after-commit': {
    value: '=CODE',
    read: coded((code) => ({ effect: 'status-after-commit', code })),
    about: 'everything is done, and the call ends with this code',
  },
  'half-open': {
    value: '[=MESSAGES]',
    read: counted((messages) => ({ effect: 'half-open', messages }), 0),
    about: 'so many messages come (0), then nothing, and no end',
  },
  'end-early': {
    value: '[=MESSAGES]',
    read: counted((messages) => ({ effect: 'end-early', messages }), 1),
    about: 'so many messages of a stream come (1), then its end',
  },
  'slow-reader': {
    value: '=MS',
    read: counted((delayMs) => ({ effect: 'slow-reader', delayMs })),
    about: 'so long before each message of the other side is taken',
    strikes: [...streams, 'driver/WatchSandboxes'],
  },
  'lose-message': {
    value: '=KIND or =PLACE',
    read: (value = '') =>
      value === '' ? undefined : { effect: 'lose-message', message: /^\d+$/.test(value) ? Number(value) : value },
    about: 'messages like exit, sandbox or deleted, or the one at a place from 1, never come',
  },
  superseded: {
    value: '[=MESSAGES]',
    read: counted((messages) => ({ effect: 'superseded', messages }), 1),
    about: 'after so many messages (1) another session takes over, and answers nothing',
    strikes: ['ConnectSupervisor'],
  },
  'lose-cursor': {
    value: '',
    read: plain({ effect: 'lose-cursor' }),
    about: 'line 0.1: a watch that goes on after a cursor hears that its place is gone',
    strikes: ['WatchSandbox'],
  },
  'wrong-id': {
    value: '[=ID]',
    read: (id) => (id === '' ? undefined : { effect: 'wrong-id', ...(id !== undefined && { id }) }),
    about: 'snapshots bear the id of another sandbox',
    strikes: snapshots,
  },
  'wrong-name': {
    value: '[=NAME]',
    read: (name) => ({ effect: 'wrong-name', ...(name !== undefined && { name }) }),
    about: 'snapshots bear another name, or none (wrong-name=)',
    strikes: snapshots,
  },
  'missing-sandbox': {
    value: '',
    read: plain({ effect: 'missing-sandbox' }),
    about: 'there is no snapshot where one belongs',
    strikes: ['driver/GetSandbox', 'driver/WatchSandboxes'],
  },
  'missing-status': {
    value: '',
    read: plain({ effect: 'missing-status' }),
    about: 'snapshots have no status',
    strikes: snapshots,
  },
  'bad-time': {
    value: '',
    read: plain({ effect: 'bad-time' }),
    about: 'times of conditions and events are none',
    strikes: snapshots,
  },
  'oversize-answer': {
    value: '[=BYTES]',
    read: counted((sizeBytes) => ({ effect: 'oversize-answer', sizeBytes }), 4_194_305),
    about: 'the answer has so many bytes (4194305), one more than the gateway takes',
    strikes: ['driver/*'],
  },
  'oversize-error': {
    value: '[=BYTES]',
    read: counted((sizeBytes) => ({ effect: 'oversize-error', sizeBytes }), 16_385),
    about: 'the answer is an error whose text has so many bytes (16385, at most 131072)',
    strikes: ['driver/*'],
  },
  'changed-acknowledgement': {
    value: '',
    read: plain({ effect: 'changed-acknowledgement' }),
    about: 'line 0.1: another admission policy is acknowledged',
    strikes: ['driver/GetCapabilities'],
  },
  'empty-identity': {
    value: '',
    read: plain({ effect: 'empty-identity' }),
    about: 'line 0.1: what was created or started is not named',
    strikes: ['driver/CreateSandbox', 'driver/StartSandbox'],
  },
}

function plain(effect: FaultEffect): KnownEffect['read'] {
  return (value) => (value === undefined ? effect : undefined)
}

function counted(effect: (count: number) => FaultEffect, missing?: number): KnownEffect['read'] {
  return (value) => {
    if (value === undefined) return missing === undefined ? undefined : effect(missing)
    return /^\d+$/.test(value) ? effect(Number(value)) : undefined
  }
}

function coded(effect: (code: FaultCode) => FaultEffect): KnownEffect['read'] {
  return (value = '') => (isFaultCode(value) ? effect(value) : undefined)
}
