import type { DriverSandbox, WatchSandboxesEvent } from '@openshell-ts/protocol/compute'
import type { KnownBad } from './known-bad.js'

/** Drivers whose watch misleads. */
export const watchFaults: readonly KnownBad[] = [
  {
    driver: 'boots with a reason of its own',
    mustFail: 'status/transient-while-booting',
    fault: {
      events: (event) => [
        withSandbox(event, ({ status }) => {
          for (const condition of status?.conditions ?? []) {
            if (condition.type === 'Ready' && condition.reason === 'Starting') condition.reason = 'Provisioning'
          }
        }),
      ],
    },
  },
  {
    driver: 'sends no snapshot at the beginning',
    mustFail: 'watch/snapshot-first',
    fault: { events: (event, isLive) => (isLive ? [event] : []) },
  },
  {
    driver: 'sends the end of a sandbox twice',
    mustFail: 'watch/deleted-once',
    fault: { events: (event) => (event.payload.case === 'deleted' ? [event, event] : [event]) },
  },
  {
    driver: 'sends each change twice',
    mustFail: 'watch/changes-differ',
    fault: { events: (event) => [event, event] },
  },
  {
    driver: 'never says that a sandbox is gone',
    mustFail: 'lifecycle/deleted',
    fault: { events: (event) => (event.payload.case === 'deleted' ? [] : [event]) },
  },
  {
    driver: 'leaves the name out of its snapshots',
    mustFail: 'watch/names-echoed',
    fault: {
      events: (event) => [
        withSandbox(event, (sandbox) => {
          sandbox.name = ''
        }),
      ],
    },
  },
  {
    driver: 'does not say that a stopped sandbox is suspended',
    mustFail: 'lifecycle/stopped',
    fault: {
      events: (event) => [
        withSandbox(event, ({ status }) => {
          if (status) status.conditions = status.conditions.filter(({ type }) => type !== 'Suspended')
        }),
      ],
    },
  },
  {
    driver: 'fills one of the two times',
    mustFail: 'status/times',
    fault: {
      events: (event) => [
        withSandbox(event, ({ status }) => {
          for (const condition of status?.conditions ?? []) delete condition.transitionTime
        }),
      ],
    },
  },
  {
    driver: 'drops events that a slow reader does not take',
    mustFail: 'watch/slow-reader',
    fault: { dropsForSlowReaders: true },
  },
  {
    driver: 'sends events without a type',
    mustFail: 'status/platform-events',
    fault: {
      events: (event) => {
        const copy = structuredClone(event)
        if (copy.payload.case === 'platformEvent' && copy.payload.value.event) copy.payload.value.event.type = ''
        return [copy]
      },
    },
  },
]

/** A copy of an event in which the sandbox is changed. */
function withSandbox(event: WatchSandboxesEvent, change: (sandbox: DriverSandbox) => void): WatchSandboxesEvent {
  const copy = structuredClone(event)
  if (copy.payload.case === 'sandbox' && copy.payload.value.sandbox) change(copy.payload.value.sandbox)
  return copy
}
